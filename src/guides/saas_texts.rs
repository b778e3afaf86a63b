//! The guides about SaaS accounts and how their backups went.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::model::{Guide, Part, step};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);
const MANAGE: (&str, &str) = ("Manage Organizations", "/organizations");
const STATUS: (&str, &str) = ("SaaS Protection Status", "/status/saas");

/// "Link a SaaS account to an organization".
pub const LINKING: Guide = Guide {
    slug: "linking-a-client-to-an-organization",
    title: "Link a SaaS account to an organization",
    about: "When an account has lost its organization, or arrived from another partner, this ties it to one again.",
    access: MANAGERS,
    parts: &[
        Part {
            title: "Find or create the organization",
            steps: &[
                step("In the top menu choose *Admin*, then *Manage Organizations*.").older("Manage Clients").at(MANAGE.0, MANAGE.1),
                step("If the organization is not there yet, press *Create Organization*, enter its name and press *Create Organization* again.")
                    .older("Create Client")
                    .at("Create Organization", "/organizations/new"),
                step("Back in the list, type part of the name into the search field; the list narrows as you type.").at(MANAGE.0, MANAGE.1),
                step("Press the pencil, *Edit*, in the organization's row. Its page opens.").older("Client Name page"),
            ],
            notes: &[],
        },
        Part {
            title: "Link the account",
            steps: &[
                step("On the card *SaaS Protection Services* press *Link*.").older("SaaS Accounts card, Link Accounts, Link Services"),
                step("Look for the account by name, domain or id, and tick it. Several can be ticked at once."),
                step("Press *Link Services*.").older("Link SaaS Accounts, Link SaaS Protection Services"),
            ],
            notes: &[
                "From now on the account stands on the organization's page. The message at the top offers what usually comes next: adding the users who are to see it.",
                "Only accounts that no organization has are offered. To move one, unlink it at its old organization first; seats and backups stay.",
            ],
        },
        Part {
            title: "See what is still unlinked",
            steps: &[
                step("On *SaaS Protection Status* press *View Unmapped Organizations*. Each account is listed with the reason and, where one fits, a suggested organization.")
                    .older("SaaS Status")
                    .at(STATUS.0, STATUS.1),
                step("Press *Link all exact matches* to see every account whose domain or name one organization alone has, untick what you do not want, and link the others together."),
            ],
            notes: &[],
        },
    ],
};

/// "Let a client look after its own SaaS accounts".
pub const SELF_SERVICE: Guide = Guide {
    slug: "clients-manage-their-own-accounts",
    title: "Let a client look after its own SaaS accounts",
    about: "Makes an organization, gives it its accounts, and lets its people in.",
    access: MANAGERS,
    parts: &[
        Part {
            title: "Create the organization",
            steps: &[
                step("Choose *Admin*, then *Manage Organizations*.").older("Manage Clients").at(MANAGE.0, MANAGE.1),
                step("Press *Create Organization*, enter the firm's name, press *Create Organization*. You land on its page.")
                    .older("Create Client")
                    .at("Create Organization", "/organizations/new"),
            ],
            notes: &["Its users will see the accounts that you link here, and no others."],
        },
        Part {
            title: "Give it its accounts",
            steps: &[
                step("On the card *SaaS Protection Services* press *Link*.").older("SaaS Accounts, Link Accounts"),
                step("Search, tick one or several, and press *Link Services*.").older("Link SaaS Accounts"),
                step("To take one away, press the trash can beside it.").older("wastebasket"),
            ],
            notes: &["Deleting an organization unlinks all of its accounts. The trash can keeps their backups."],
        },
        Part {
            title: "Let its people in",
            steps: &[
                step("On the card *Users* press *Add Users*.").older("Manage Users"),
                step("Fill in first name, last name, e-mail and, if you like, country code and mobile phone number, in digits only."),
                step("Press *Add Organization User*.").older("Add Client User"),
                step("To change somebody later, press the pencil beside the name, then *Save Changes*.").older("Edit Client User"),
            ],
            notes: &["The user stands on the card at once. The letter with the link to set a password is in the Outbox."],
        },
    ],
};

/// "Add a SaaS account and have it authorized".
pub const ADDING: Guide = Guide {
    slug: "adding-a-saas-account",
    title: "Add a SaaS account and have it authorized",
    about: "For an organization that is here or a new one: from what is protected to the authorization, and what can be changed afterwards.",
    access: Access::Employee(Right::ChangeSaas),
    parts: &[
        Part {
            title: "Add it",
            steps: &[
                step("On *SaaS Protection Status* press *Add SaaS Protection Organization*.")
                    .older("SaaS Status")
                    .at("Add SaaS Protection Organization", "/status/saas/add"),
                step("Find the organization, or choose *New organization* and enter its name. Press *Next*.").older("Create a new client"),
                step("Choose the service, the domain and the region, and whether it is not for resale. Press *Next*."),
                step("Choose commitment and retention, Auto-add and a license cap. Press *Next*."),
                step(
                    "Say who authorizes it: you, or a user of the organization. Look at the summary and press *Add SaaS Protection Organization*.",
                ),
            ],
            notes: &[
                "*Back* loses nothing, and nothing is stored before the last page.",
                "Where the organization has another account, commitment and retention are the same.",
                "Nothing is created at the vendor: set the account up in its console as well.",
            ],
        },
        Part {
            title: "Have it authorized",
            steps: &[
                step("An import that reports the same service and domain fills the account: nothing else is to be done.")
                    .at("Import", "/imports"),
                step("Or open the account, press *Authorize*, and enter the customer id that the vendor's console shows."),
                step(
                    "To have the organization consent first, press *Ask a user*. The user signs in from the letter and presses *Authorize*; you see it on Home.",
                ),
            ],
            notes: &["Until then it says *Pending authorization* everywhere, and a year that is committed to has not begun."],
        },
        Part {
            title: "Change or cancel it",
            steps: &[
                step("On the account's page, card *Commitment and licenses*, press *Change*.").at(STATUS.0, STATUS.1),
                step("To cancel, press *Cancel subscription*, give a reason and type the words that are asked for."),
            ],
            notes: &[
                "A year becomes month to month at its end, not before; the reverse at any time. The cap cannot be below what is protected.",
                "*Auto-add* protects users that a later import discovers, up to the cap. It never unprotects anybody.",
                "Cancelling destroys all backups of the account at once. An account that was never authorized is only taken back.",
            ],
        },
    ],
};

/// "Give a client access to its backup status".
pub const INTEGRATION: Guide = Guide {
    slug: "give-clients-access-to-their-status",
    title: "Give a client access to its backup status",
    about: "What a client's administrator sees here and may do with the SaaS accounts, and how to end that.",
    access: MANAGERS,
    parts: &[
        Part {
            title: "Set it up",
            steps: &[
                step("Choose *Admin*, then *Manage Organizations*. If the organization is listed, press its pencil; if not, *Create Organization*.")
                    .older("Manage Clients, Create Client")
                    .at(MANAGE.0, MANAGE.1),
                step("On its page press *Link*, find the account, and press *Link Services*.").older("Link Services, Link SaaS Protection Services"),
                step("Further down press *Add Users*, enter the person, and press *Add Organization User*.").older("Add Client User"),
            ],
            notes: &["The name can be changed at any time under Settings."],
        },
        Part {
            title: "What the user does",
            steps: &[
                step("The letter names the sign-in address and carries a link to set a password. If letters are held here, open it in the Outbox and pass the link on.")
                    .at("Outbox", "/outbox"),
                step("After signing in the user chooses *Status*, then *SaaS Protection Status*.").older("SaaS Status"),
            ],
            notes: &[
                "With Full access the user is Super Administrator of every account linked to the organization. Lesser rights are given in the vendor's own console.",
            ],
        },
        Part {
            title: "Take access away",
            steps: &[
                step("The trash can beside an account unlinks it; the trash can beside a user removes the user.").older("Client Admin"),
            ],
            notes: &["Neither touches any backup."],
        },
    ],
};

/// "Read SaaS Protection Status".
pub const STATUS_PAGE: Guide = Guide {
    slug: "reading-the-status-page",
    title: "Read SaaS Protection Status",
    about: "What the colors, words and columns mean, and how old the news may be.",
    access: Access::SaasViewer,
    parts: &[
        Part {
            title: "The states",
            steps: &[],
            notes: &[
                "*Protected*, green with a tick: every active service was backed up and fully protected within 24 hours.",
                "*Some missed*, amber with a triangle: some services were backed up, some were not.",
                "*Failing*, red with a cross: an application had none of its active services backed up, or three days running were not perfect. A day is as good as its worst application.",
                "*Grey with a word*: paused, suspended, pending authorization, too little history, no active services, no data yet, no recent data, purged, or cancelled on a date.",
            ],
        },
        Part {
            title: "The columns",
            steps: &[],
            notes: &[
                "*Organization*: whom the account belongs to, or the account's own name while it is unlinked.",
                "*Service*: Microsoft 365 (older pages: Office 365) or Google Workspace (older pages: G Suite).",
                "*Retention*: ICR keeps backups for as long as the account lives, TBR for a set time.",
                "*Licensed seats*: the seats that are billed. While an account's seats are not known, what the vendor reports.",
                "*Success rate*: the share of active services backed up in the last 24 hours before \u{201c}as of\u{201d}.",
                "*Last fully protected*: when all of the account was last whole.",
                "*Last ten days*: a bar a day, the newest at the right. A full bar is a good day, a shorter one has misses, the shortest failed, an empty outline has no data.",
            ],
        },
        Part {
            title: "How old the news is",
            steps: &[step("Each account says *as of* when its data was true. What is older than 48 hours is grey, whatever it said.")
                .at(STATUS.0, STATUS.1)],
            notes: &["Open a row to see its applications and days, with the numbers one click below each drawing."],
        },
    ],
};
