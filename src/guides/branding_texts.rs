//! The guide of Set Branding (seed 002).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::model::{Guide, Part, step};

const CUSTOMIZE: (&str, &str) = ("Customize", "/branding");

/// BRA-1, BRA-3, BRA-5, ORG-10.
pub const BRANDING: Guide = Guide {
    slug: "your-own-branding",
    title: "Give the portal your own look",
    about: "Your name, color, logo and background on your sign-in page and for your organizations' users, looked at before anybody else sees it.",
    access: Access::Employee(Right::AccountSettings),
    parts: &[
        Part {
            title: "Choose and look",
            steps: &[
                step("In the top menu choose *Admin*, then *Set Branding*. *Customize* opens on the tab *Global*.").at(CUSTOMIZE.0, CUSTOMIZE.1),
                step("Enter what users are to read at the top, choose *A color of your own*, and say how they reach your support."),
                step("Under *Background images for all organizations* choose one of the pictures, a color, or *Your picture*: a file from your machine. *Personal portal background* is the one behind your own employees' pages."),
                step("Under *Logo for all organizations* choose a file, or drop it there. PNG, JPEG and WebP up to 2 MB and 4096 pixels a side are taken; what is not says why."),
                step("Choose *How to identify devices*: by hostname, by serial number, or by both. It holds on every list of devices."),
                step("Beside the form the sign-in page and a status page follow what you enter, light and dark; each opens as a whole page as well. *Keep as draft* keeps it for later.")
                    .at("Sign-in page", "/branding/preview/sign-in"),
                step("Press *Save* once you like it. Until then nobody else sees any of it, and *Discard draft* drops it."),
            ],
            notes: &[
                "A color that would make text hard to read is adjusted to the nearest one that does not; the page shows both.",
                "Partners in Europe, the Middle East and Africa have no branding, unless whoever runs the portal lifts that.",
                "*Back to Portico's own* takes everything back in one step, and keeps what you had as a draft.",
            ],
        },
        Part {
            title: "Show it to an organization's users",
            steps: &[
                step("Open the organization: *Manage Organizations*, then the pencil, *Edit*.").older("Manage Clients").at("Manage Organizations", "/organizations"),
                step("Under the list on the card *Users* switch *Use custom branding for the organization* on. Its users see your look on their next page."),
            ],
            notes: &["Your own sign-in address is always in your look, whichever organization somebody belongs to. Your letters name it, and *Customize* shows it beside the previews."],
        },
        Part {
            title: "Your own view of devices",
            steps: &[
                step("On *Customize* open the tab *Local*: what devices are sorted by, how local storage is told, when a backup is late, how many devices are on a page, and the theme.")
                    .at("Local", "/branding/local"),
            ],
            notes: &["It changes nobody else's view, and the example beside it follows at once. Everybody finds the same under *Account Settings*, *Display*."],
        },
    ],
};
