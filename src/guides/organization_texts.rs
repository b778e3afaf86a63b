//! The guides about organizations, their users and their subscriptions.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::model::{Guide, Part, step};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);
const MANAGE: (&str, &str) = ("Manage Organizations", "/organizations");

/// "Look after the users of an organization".
pub const USERS: Guide = Guide {
    slug: "users-of-an-organization",
    title: "Look after the users of an organization",
    about: "Adding several at once, what each may do, switching somebody off and on again, removing somebody.",
    access: MANAGERS,
    parts: &[
        Part {
            title: "Add users",
            steps: &[
                step("Open the organization: *Manage Organizations*, then the pencil, *Edit*.")
                    .older("Manage Clients")
                    .at(MANAGE.0, MANAGE.1),
                step("On the card *Users* press *Add Users*.").older("Add Client Users"),
                step(
                    "Choose what they may do: the list on the left, *Organization Access*, is for everything but Endpoint Backup; the one on the right, *Endpoint Backup Access*, for that alone.",
                ),
                step("Tick *Add another organization user* to enter the next one as well. All of them are added together, or none."),
                step("Press *Add Organization User*. Each gets a letter.").at("Outbox", "/outbox"),
            ],
            notes: &[
                "A new user has seven days to set a password. After that the account is deactivated; reactivating it sends a new letter with seven new days.",
                "One user of an organization can have Endpoint Backup access. Such a user works with file restores and nothing else.",
            ],
        },
        Part {
            title: "Change, switch off, remove",
            steps: &[
                step("The pencil beside a user opens *Edit Organization User*.").older("Edit Client User"),
                step(
                    "The three dots beside a user hold *Deactivate Account*; confirm with *Deactivate User*. The user is signed out at once and cannot sign in; the details stay.",
                ),
                step("The same three dots then hold *Reactivate Account*."),
                step("The trash can beside a user removes the account. Its e-mail can be registered again after 24 hours.")
                    .older("wastebasket"),
            ],
            notes: &["Take care which trash can you press: the one in the list of organizations deletes the organization itself."],
        },
        Part {
            title: "Authorize somebody for support",
            steps: &[
                step(
                    "The three dots beside an active user with Full access hold *Authorize for Support*; confirm with the button of that name.",
                ),
                step("The user makes a PIN under *Account Settings*, *Security*: *Make a support PIN*. It is shown once."),
                step(
                    "Have it read to you in a way that leaves no doubt who it is, choose *Confirm support PIN* behind the three dots, and enter it.",
                ),
            ],
            notes: &[
                "From then on the device tasks that this user asks for are queued at once; those of others wait for an employee's approval.",
                "*Withdraw support authorization* takes it back at any time. It also ends when the user is deactivated, removed, gets another e-mail, or loses Full access.",
            ],
        },
        Part {
            title: "Rename the organization",
            steps: &[step("On the card *Settings* change *Organization name* and press *Save Changes*.")],
            notes: &[],
        },
    ],
};

/// "Create an organization with its contact and plan".
pub const NEW_ORGANIZATION: Guide = Guide {
    slug: "creating-a-new-organization",
    title: "Create an organization with its contact and plan",
    about: "Everything about a new client at once: whom to talk to, whose it is, what is bought, and its first sign-in.",
    access: MANAGERS,
    parts: &[Part {
        title: "Create it",
        steps: &[
            step("On *Manage Organizations* press *+ New Organization*.")
                .older("Organizations page")
                .at("Create New Organization", "/organizations/new-organization"),
            step(
                "Enter *First Name*, *Last Name* and *Email address* of the contact. Each e-mail is the contact of one organization only.",
            ),
            step("Choose *Country* and *Select Partner*. The country is that of the partner until you choose another."),
            step(
                "Choose *Select Plan* and enter the *Organization name*. A personal plan has no such field: it is one seat, and named after its contact.",
            ),
            step("Leave *Auto License* on and seats follow use, or untick it and enter the *Number of seats*."),
            step("Tick *Send sign in* to mail the contact the sign-in address and a link to set a password."),
            step("Press *Save*. What is empty, or exists already, is named above the form."),
        ],
        notes: &[
            "With Send sign in the contact becomes the organization's first user, with Full access, and is marked Owner. Without, the contact is a contact only; Send sign in waits under the list of users on the organization's page.",
            "Nothing is created in any other system. To begin with a name alone, press Create Organization instead.",
        ],
    }],
};

/// "Suspend, unsubscribe or delete an organization".
pub const LIFE: Guide = Guide {
    slug: "suspending-unsubscribing-and-deleting-an-organization",
    title: "Suspend, unsubscribe or delete an organization",
    about: "When a client pauses, is about to leave, or has left: what stops, what stays, what is billed, and how it comes back.",
    access: MANAGERS,
    parts: &[
        Part {
            title: "Suspend",
            steps: &[
                step("On *Manage Organizations* press the organization's row. Its page opens.")
                    .older("View Details in the menu with three dots")
                    .at(MANAGE.0, MANAGE.1),
                step("Go to its card *Subscriptions* and press *Suspend*.").older("the tab Subscriptions"),
                step("Read what happens now and what later, counted, and press *Yes, Continue*. The message at the top says what was done."),
            ],
            notes: &[
                "Its backups stop and no seat can be protected. Its users cannot sign in to it from that moment on. All data stays, and billing goes on, until somebody reactivates it.",
                "Several at once: tick them in the list and press Suspend. You see what would become of each first, and what became of each afterwards.",
            ],
        },
        Part {
            title: "Unsubscribe",
            steps: &[
                step("On its card *Subscriptions* press *Unsubscribe*, then *Yes, Continue*.").at(MANAGE.0, MANAGE.1),
                step("For 45 days it can come back as it was. How much of them is left stands on its page, on Home, and under the tab *Unsubscribed*, what ends next first.")
                    .at("Unsubscribed", "/organizations?tab=unsubscribed"),
            ],
            notes: &[
                "Letters say how long is left, at once and with 14, 3 and 1 days left: to its users who had access, and to your primary account, Security Admins and Admins who see it. Those to users can be switched off under Notification Settings.",
                "At the end it is deleted by itself and all its backups are destroyed for good. The month of that day is the last one billed.",
            ],
        },
        Part {
            title: "Reactivate",
            steps: &[
                step("On its card *Subscriptions* press *Reactivate*, then *Yes, Continue*. In the list it goes for several at once.")
                    .at("Suspended", "/organizations?tab=suspended"),
            ],
            notes: &["A suspended one comes back at any time, an unsubscribed one until the very moment its 45 days are over."],
        },
        Part {
            title: "Delete",
            steps: &[
                step("On its card *Subscriptions* press *Delete*, type its name, and press *Yes, Continue*. This destroys its backups at once.")
                    .at(MANAGE.0, MANAGE.1),
                step("Open the tab *Deleted* and press *Receipt* in its row: what was destroyed, counted, when, and by which request. The page can be printed.")
                    .at("Deleted", "/organizations?tab=deleted"),
            ],
            notes: &[
                "The trash can at the top of its page and in the list deletes it as well, but keeps the backups of its SaaS accounts and only unlinks them.",
                "This month is still billed; after it nothing is.",
            ],
        },
    ],
};

/// "Transfer an organization to another partner".
pub const TRANSFER: Guide = Guide {
    slug: "transferring-an-organization",
    title: "Transfer an organization to another partner",
    about: "An organization goes to another partner with its users and SaaS accounts, on the first day of a month, once both sides can know of it.",
    access: Access::Unlimited(Right::RunPortal),
    parts: &[
        Part {
            title: "The organization asks",
            steps: &[
                step("The new partner gives its Partner ID to the organization: it stands in the menu behind the arrow at the top right, with a button to copy it."),
                step("The organization's Owner, or a user whose box *Full administrator* is ticked in *Edit Organization User*, opens *Account Settings* in the menu at the top right.")
                    .at("Account Settings", "/account"),
                step("On *Personal Details* they see what would move, enter the *Partner ID* and press *Ask for transfer*."),
            ],
            notes: &[
                "Asking is informing support: whoever validates gets a letter, and finds it on Home and under Transfers.",
                "A partner above may have revoked the right to ask. It then enters the transfer itself, on the organization's page.",
            ],
        },
        Part {
            title: "It is validated, and happens",
            steps: &[
                step("Under *Admin*, *Transfers*, both sides and whoever validates see it: the partner above both, or the other side where one is above the other.")
                    .at("Transfers", "/transfers"),
                step("The page shows what goes and what does not, and what stands in the way. Press *Validate*, or *Refuse*."),
                step("It is carried out on the cut-off date, the first day of the next month. Either side can *Withdraw* until then."),
                step("The new partner finds the SaaS accounts unlinked, and confirms each by linking it.")
                    .at("View Unmapped Organizations", "/status/saas/unmapped"),
            ],
            notes: &["What nobody validates lapses after sixty days."],
        },
        Part {
            title: "A single SaaS account",
            steps: &[step("On the account's page press *Transfer*, enter the *Partner ID* of the new partner and press *Ask for transfer*. The rest is the same.")],
            notes: &[],
        },
    ],
};
