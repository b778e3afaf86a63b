//! The dialogs that link and unlink.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::picks::{LinkForm, Pick, fill_search, link_form, linked_already};
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::linking::model::{Linkable, Nothing};
use crate::organizations::link_model::Unlinked;

/// What the Link dialog shows.
#[derive(Debug)]
pub struct LinkDialog<'a, T> {
    /// Where they go.
    pub organization: OrganizationId,
    /// What is searched.
    pub words: &'a str,
    /// Those filled in or ticked before; they stand first.
    pub chosen: &'a [T],
    /// The other unlinked ones found.
    pub found: &'a [T],
    /// Why none was found.
    pub nothing: Option<&'a Nothing<T>>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// The form's id and what was wrong with it.
    pub hidden: Markup,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The content of **Add Devices** (DEV-1) and **Link Networks** (DEV-2).
pub fn link_dialog<T: Linkable>(dialog: &LinkDialog<'_, T>) -> Markup {
    let words = T::WORDS;
    let here = words.link_href(dialog.organization);
    let kept: Vec<String> = dialog.chosen.iter().map(|one| one.id().to_string()).collect();
    let chosen = dialog.chosen.iter().map(|one| pick(dialog, one, true));
    let picks: Vec<Pick> = chosen.chain(dialog.found.iter().map(|one| pick(dialog, one, false))).collect();
    let more = format!("More {} match. Search for the one you mean.", words.many);
    link_form(&LinkForm {
        search: fill_search(&here, words.found_by, dialog.words, (words.one, &kept)),
        action: &here,
        back: &format!("/organizations/{}", dialog.organization),
        hidden: &dialog.hidden,
        nothing: dialog.nothing.map(nothing_found),
        legend: &format!("Unlinked {}", words.many),
        picks: &picks,
        more: dialog.more.then_some(&more),
        button: words.button,
    })
}

fn nothing_found<T: Linkable>(nothing: &Nothing<T>) -> Markup {
    let words = T::WORDS;
    match nothing {
        Nothing::None { may_import } => parts::empty(
            &format!("There is no {} yet", words.one),
            words.come_with,
            may_import.then(|| form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload))),
        ),
        Nothing::AllLinked => parts::empty(
            &format!("No {} is waiting to be linked", words.one),
            &format!("Every {} of this partner is linked to an organization already.", words.one),
            None,
        ),
        Nothing::NotFound { linked } if linked.is_empty() => {
            parts::empty("Nothing found", &format!("No {} has this. Search by: {}.", words.one, words.found_by), None)
        }
        Nothing::NotFound { linked } => {
            let linked = linked.iter().filter_map(|one| {
                let (organization, name) = one.organization()?;
                Some((one.name(), name.as_str(), words.card_href(*organization)))
            });
            linked_already(&format!("No unlinked {} has this", words.one), &linked.collect::<Vec<_>>())
        }
    }
}

fn pick<T: Linkable>(dialog: &LinkDialog<'_, T>, one: &T, checked: bool) -> Pick {
    let detail = html! { (parts::highlight(&one.facts(), dialog.words)) @if let Some(holds) = one.holds() { " · " (holds) } };
    Pick {
        name: T::WORDS.one.into(),
        value: one.id().to_string(),
        label: parts::highlight(one.name(), dialog.words),
        detail: Some(detail),
        badge: one.unlinked().map(|unlinked| reason_badge(unlinked, dialog.times)),
        checked,
        disabled: false,
    }
}

/// Why it is unlinked, as a badge (DEV-3).
fn reason_badge(unlinked: &Unlinked, times: &Times) -> Markup {
    let (tone, shape) = unlinked.look();
    parts::badge(tone, shape, &unlinked.in_short(&times.zone.day_and_month(unlinked.at)))
}

/// The content of the dialog that asks once before unlinking (DEV-3).
pub fn unlink_dialog<T: Linkable>((organization, name): (OrganizationId, &str), one: &T, hidden: &Markup) -> Markup {
    let words = T::WORDS;
    html! {
        form action=(words.unlink_href(organization, one.id())) method="post" {
            (hidden)
            p { ((words.unlinked_for)(name)) }
            p { "Nothing is deleted. " (words.stays) ", and it can be linked again at any time." }
            (form::buttons(None, &[
                form::cancel(&format!("/organizations/{organization}")),
                form::button("Unlink", ButtonKind::DangerPrimary, Some(Icon::Trash)),
            ]))
        }
    }
}
