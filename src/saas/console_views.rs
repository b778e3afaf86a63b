//! The vendor's own console: the link that opens it, and the dialog that sets its address (SAS-11).

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind, Field};
use crate::kernel::html::parts;

/// Where the dialog is.
pub const HERE: &str = "/status/saas/console";

/// Opens the console in a new tab; it is not told where somebody came from (ALL-5).
pub fn link(address: &str) -> Markup {
    parts::link_out("Open vendor console", address, None)
}

/// The dialog's content.
pub fn form(typed: &str, error: Option<&str>, hidden: &Markup, summary: &Markup) -> Markup {
    html! {
        (summary)
        form action=(HERE) method="post" {
            (hidden)
            p { "For those who still sign in at the vendor: each account then offers to open this address in a new tab." }
            (Field {
                name: "address", label: "Address", value: typed, error, hint: Some("With http or https; empty for none."),
                autocomplete: Some("off"), ..Field::default()
            })
            (form::buttons(None, &[form::cancel("/status/saas"), form::button("Save Changes", ButtonKind::Primary, None)]))
        }
    }
}
