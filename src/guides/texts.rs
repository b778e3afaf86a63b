//! The guides themselves.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::model::{Guide, Part, step};
use crate::guides::{branding_texts, device_texts};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);
const MANAGE: (&str, &str) = ("Manage Organizations", "/organizations");
const STAFF: (&str, &str) = ("Manage Employees", "/employees");
const STATUS: (&str, &str) = ("SaaS Protection Status", "/status/saas");

/// Every guide, in the order of the list.
pub const ALL: &[Guide] = &[
    LINKING,
    SELF_SERVICE,
    USERS,
    NEW_ORGANIZATION,
    LIFE,
    TRANSFER,
    EMPLOYEES,
    GROUPS,
    SUB_PARTNERS,
    branding_texts::BRANDING,
    INTEGRATION,
    ADDING,
    IMPORT,
    STATUS_PAGE,
    device_texts::DEVICES,
    device_texts::DEVICE_STATUS,
    device_texts::DEVICE_TASKS,
    device_texts::ENDPOINTS,
    SCRIPTS,
    FIRST_SIGN_IN,
    OWN_ACCOUNT,
    MAIL,
];

const LINKING: Guide = Guide {
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

const SELF_SERVICE: Guide = Guide {
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

const USERS: Guide = Guide {
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

const NEW_ORGANIZATION: Guide = Guide {
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

const LIFE: Guide = Guide {
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

const TRANSFER: Guide = Guide {
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

const EMPLOYEES: Guide = Guide {
    slug: "employees-and-their-roles",
    title: "Look after employees and their roles",
    about: "Your own colleagues: letting them in, what each may do, switching somebody off and on again, removing somebody.",
    access: Access::Employee(Right::ManageEmployees),
    parts: &[
        Part {
            title: "Add employees",
            steps: &[
                step("In the top menu choose *Admin*, then *Manage Employees*.").at(STAFF.0, STAFF.1),
                step("Press *Add Employees* and enter name and e-mail; the phone number in digits only.").at("Add Employees", "/employees/new"),
                step("Choose a *Role*. You can give roles beneath your own: a Security Admin can make an Admin, an Admin a Tech."),
                step("Leave the two products at *As the role has it*, or choose: Admin and above have *BCDR* and *Endpoint Backup*, Tech has *BCDR*, the others neither."),
                step("Tick *Add another employee* to enter the next one as well. All of them are added together, or none."),
                step("Press *Add Employee*. Each gets a letter.").at("Outbox", "/outbox"),
            ],
            notes: &[
                "A new employee has seven days to set a password. After that the account is deactivated. Any Admin or Security Admin can reactivate it then, whatever its role: that sends a new letter with seven new days.",
                "Letters can be opened in the Outbox by people above the receiver's role only.",
            ],
        },
        Part {
            title: "Change, switch off, remove",
            steps: &[
                step("The pencil beside an employee opens *Edit Employee*: name, e-mail, phone, role and products. A new role ends their sessions; it holds from the next sign-in on.")
                    .at(STAFF.0, STAFF.1),
                step("The three dots hold *Deactivate Account*; confirm with *Deactivate Employee*. They are signed out at once; the details stay."),
                step("The same three dots then hold *Reactivate Account*, and *Resend letter* while somebody has not set up their account."),
                step("The trash can removes an employee. The e-mail can be registered again after 24 hours.").older("wastebasket"),
            ],
            notes: &["Nobody can change their own account here, nor one of a role that is not beneath their own: those rows have no buttons."],
        },
        Part {
            title: "Another primary account",
            steps: &[
                step("As the primary account, open the three dots in your own row and choose *Hand over the primary account*."),
                step("Choose an active employee and press *Hand Over*. You become Security Admin."),
            ],
            notes: &[
                "The primary account can be neither deactivated nor removed. If nobody can sign in to it any more, whoever has the machine names another one with *portico account make-primary*.",
            ],
        },
    ],
};

const SUB_PARTNERS: Guide = Guide {
    slug: "partners-beneath-your-own",
    title: "Partners beneath your own",
    about: "A sub-partner has organizations and employees of its own; you see what it holds, and it sees nothing of yours.",
    access: Access::Unlimited(Right::RunPortal),
    parts: &[
        Part {
            title: "Create one",
            steps: &[
                step("In the top menu choose *Admin*, then *Manage Partners*.").at("Manage Partners", "/partners"),
                step("Press *+ New Partner*, enter its name and country and whose the primary account is, and press *Create Partner*. That person gets a set-up letter.")
                    .at("+ New Partner", "/partners/new"),
                step("On its page, *Resend letter* sends the letter again, and *Open the letter* shows it, until the account is set up for the first time. Both are for your primary account and Security Admins."),
            ],
            notes: &[
                "The letter's link works for seven days. After that the account stays Invited, and only the link has to be sent again.",
                "Name and e-mail of the primary account can be mended by *Edit* until then; from then on the partner looks after its own accounts.",
            ],
        },
        Part {
            title: "Look after it",
            steps: &[
                step("*Organizations* on its page shows what it holds in *Manage Organizations*, where you do on them what its own people may.")
                    .at("Manage Organizations", "/organizations"),
                step("The switch *May ask for transfers* decides whether its people may ask for transfers themselves, or contact you."),
            ],
            notes: &["What you do to a sub-partner stands in its activity log as well as in yours. Only the partner right above changes one; those further up see it."],
        },
    ],
};

const GROUPS: Guide = Guide {
    slug: "limit-employees-to-some-organizations",
    title: "Limit employees to some organizations",
    about: "Access groups: a team sees the organizations it looks after, and nothing of the others.",
    access: Access::Employee(Right::GroupsAndSecurity),
    parts: &[
        Part {
            title: "Make a group",
            steps: &[
                step("In the top menu choose *Admin*, then *Manage Groups*.").at("Manage Groups", "/groups"),
                step("Press *Create Group*, enter a name and press *Create Group* again. Its page opens.").at("Create Group", "/groups/new"),
                step("On the card *Organizations* press *Add Organizations*. Look for them, tick one or several, and press *Add to Group*."),
                step("On the card *Employees* press *Add Employees*, tick those who are to see just these organizations, and press *Add to Group*."),
            ],
            notes: &[
                "It holds from their next click on, on every page, in searches, counts, exports and letters. In several groups they see what all of them hold.",
                "The primary account and Security Admins are never limited, whatever groups they are in.",
                "What limited employees create, organizations and employees alike, joins all their groups. They see accounts that no organization has, but no import.",
            ],
        },
        Part {
            title: "Move somebody, or end a group",
            steps: &[
                step("The trash can beside an employee takes them out of the group. Out of the last one, they see all organizations again: the dialog says so."),
                step("*Delete Group* asks for the group's name, and names the members who will see nothing then.").older("wastebasket"),
                step("Under *Limited to nothing* on *Manage Groups* stand those whose groups are gone or empty. Put them into another group, or press *Let see all organizations*.")
                    .at("Manage Groups", "/groups"),
            ],
            notes: &["*Manage Employees* shows beside each employee what they see; an organization's page shows which groups hold it."],
        },
    ],
};

const INTEGRATION: Guide = Guide {
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

const IMPORT: Guide = Guide {
    slug: "bring-in-what-you-have",
    title: "Bring in what you have",
    about: "Organizations, users, SaaS accounts, seats and backup reports from files, all at once.",
    access: Access::Unlimited(Right::RunPortal),
    parts: &[Part {
        title: "Import files",
        steps: &[
            step("Choose *Admin*, then *Import*, and pick the files: the vendor's own answers as JSON, or lists as CSV.")
                .at("Import", "/imports"),
            step("Look at the preview. It says what is new, what changes, and which rows are refused, with file, line, field and reason."),
            step("Confirm. Either everything comes in or nothing does; the same files a second time change nothing."),
            step("Imported users get no letter by themselves. Send the letters from the card *Users* when you are ready."),
        ],
        notes: &[],
    }],
};

const ADDING: Guide = Guide {
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

const KEYS: (&str, &str) = ("API Keys", "/api-keys");

const SCRIPTS: Guide = Guide {
    slug: "scripts",
    title: "Let a script read status and change seats",
    about: "For scripts and tools that speak the vendor's API already: they get a key, and another address.",
    access: Access::Employee(Right::RunPortal),
    parts: &[
        Part {
            title: "Make a key",
            steps: &[
                step("Choose *Admin*, then *API Keys*.").at(KEYS.0, KEYS.1),
                step("Press *Create API Key*. Say what it is for, and whether for the whole partner or one organization.")
                    .at("Create API Key", "/api-keys/new"),
                step("Choose how long it is good for, and press *Create API Key*."),
                step("Copy both parts, or the line that has both, to where the script finds it. The secret is not shown again."),
            ],
            notes: &[
                "The key can do what you can, and no more. It stops when your account is deactivated or your role no longer allows it, and goes when you are \
                 removed or its organization is deleted.",
                "Make one for each script, so that each can be switched off alone.",
            ],
        },
        Part {
            title: "Tell the script",
            steps: &[
                step("Put this portal's address in the place of the vendor's. What follows it, from `/v1` on, stays."),
                step("Give the public key as user name and the secret key as password (HTTP Basic)."),
                step("Try it, with your key and this portal's address: `curl -u PUBLIC:SECRET https://portal.example/v1/saas/domains`"),
            ],
            notes: &[
                "`/v1/saas/domains` lists the SaaS accounts, `/v1/saas/{id}/seats` the seats of one, `/v1/saas/{id}/applications` its backup report, \
                 `/v1/report/activity-log` what was done lately. {id} is an account's `saasCustomerId`.",
                "`/v1/bcdr/device` lists the devices, `/v1/bcdr/device/{serial}/asset` what one protects; behind the serial number also `/asset/agent`, `/asset/share`, \
                 `/alert` and `/vm-restores`. Whoever made the key needs BCDR access.",
                "What has pages says so in `pagination`: ask for `_page` (from 1 on) and `_perPage` (100 if nothing is said, at most 250; the activity log 25).",
                "`PUT /v1/saas/{id}/{subscription}/bulkSeatChange` changes up to 100 seats; {subscription} is the account's `externalSubscriptionId`. The body names \
                 their type, what to do (License protects, Pause pauses, Unlicense unprotects), and their `remoteId` as `/seats` has it: \
                 `{\"seat_type\":\"User\",\"action_type\":\"Pause\",\"ids\":[\"12345221-d561\"]}`",
                "Each seat has its own result, in the order they were named: `id` counts them from 1 on, and `status` is `success` or why not. What may not be is said \
                 in its place, and the others are done.",
                "What goes wrong comes as `{\"code\":\"…\",\"message\":\"…\"}`: 401 for a key that is wrong or has stopped, 403 for what the key may not do, 404 for what is not \
                 there or not in its reach, 429 when it asks too often; `Retry-After` says for how many seconds to wait.",
                "What comes back is what Import takes.",
            ],
        },
        Part {
            title: "Carry out device tasks",
            steps: &[
                step(
                    "Make a key of somebody who has BCDR. The connector asks with it: `curl -u PUBLIC:SECRET -X POST https://portal.example/api/v1/tasks/take`",
                ),
                step(
                    "It gets `{\"task\":{…}}` with `id`, `take`, `kind`, `title`, `note`, `device`, `organization` and, for a restore, `recoveryPoint`; or `{\"task\":null}` when none is queued.",
                ),
                step("On the way it may say how far it is: `POST /api/v1/tasks/{id}/progress` with `{\"take\":1,\"text\":\"Half of it\"}`"),
                step(
                    "At the end it says what came of it: `POST /api/v1/tasks/{id}/result` with `{\"take\":1,\"state\":\"done\",\"result\":\"12 GB freed\"}`, or `refused` and why.",
                ),
            ],
            notes: &[
                "Tools that read OpenAPI find all this described at `/api/openapi.json`.",
                "Whoever takes a task has it alone: of several connectors that ask at once each gets another one. Disaster recovery comes first, then the oldest.",
                "`{\"device\":\"SERIALNUMBER\"}` as the body of `take` asks for the tasks of one device alone.",
                "`GET /api/v1/tasks` lists them, with `state` (waiting, queued, in_progress, done, refused, withdrawn), `_page` and `_perPage`; `GET /api/v1/tasks/{id}` is one.",
                "Only the key that took a task reports on it; anything else is 409. If a connector is lost, an employee puts the task back into the queue, or closes it by hand.",
                "`take` counts how often the task was taken. A report on an earlier take is 409; `take` may be left out while there was only one.",
            ],
        },
        Part {
            title: "When a key may be known to others",
            steps: &[
                step("In the key's row choose *Regenerate Secret* from the options. The old secret stops working at once.")
                    .at(KEYS.0, KEYS.1),
                step("Or choose *Deactivate Key*, which can be taken back, or the trash can, which cannot."),
            ],
            notes: &["The Activity Log shows what was done by which key, and keys that were refused."],
        },
    ],
};

const STATUS_PAGE: Guide = Guide {
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

const FIRST_SIGN_IN: Guide = Guide {
    slug: "your-backup-status",
    title: "See your backup status",
    about: "For the people of an organization: where everything is.",
    access: Access::SaasViewer,
    parts: &[Part {
        title: "After signing in",
        steps: &[
            step("Choose *Status*, then *SaaS Protection Status*.").older("SaaS Status").at(STATUS.0, STATUS.1),
            step("Open a row to see its applications and how each of the last days went."),
            step("*Home* says in one sentence how things stand.").at("Home", "/"),
        ],
        notes: &[],
    }],
};

const OWN_ACCOUNT: Guide = Guide {
    slug: "your-own-account",
    title: "Look after your own account",
    about: "Password, second factor, time zone, light or dark, and where you are signed in.",
    access: Access::SignedIn,
    parts: &[
        Part {
            title: "Account Settings",
            steps: &[
                step("Open the menu behind your name at the top right and choose *Account Settings*.").at("Account Settings", "/account"),
                step("Under *Personal Details* set the time zone in which you want to read times."),
                step("Under *Security* choose a new password. Every other place where you are signed in is signed out by that."),
                step("If your e-mail has several accounts here, *Switch account* in the same menu takes you to another."),
            ],
            notes: &["Forgot the password? The sign-in page has a link that sends a letter; it works once, for one hour."],
        },
        Part {
            title: "A second factor",
            steps: &[
                step("Have an authenticator app on your phone; any that scans a QR code and shows six digits will do.")
                    .older("MFA, two-factor authentication"),
                step("Under *Security*, on the card *Second factor*, press *Set up*, or *Replace* for a new phone.")
                    .at("Security", "/account/security"),
                step("Scan the QR code, enter the six digits that the app shows, and press *Confirm*."),
                step("Keep the ten recovery codes where you find them without the phone, on paper or as a file. Each lets you in once."),
            ],
            notes: &[
                "Where nobody asks for a second factor, *Remove* on the same card takes it away again.",
                "Phone and recovery codes lost? A Security Admin resets how you sign in: on the organization's page, options beside your name, *Reset MFA*.",
            ],
        },
    ],
};

const MAIL: Guide = Guide {
    slug: "letters-through-your-mail-server",
    title: "Send letters through your mail server",
    about: "Until this is done, letters stay in the Outbox, and you pass on what is in them.",
    access: Access::Operating,
    parts: &[
        Part {
            title: "Set it",
            steps: &[
                step("Have at hand what your mail provider says about SMTP: server, port, encryption, user name and password."),
                step("In the top menu choose *Admin*, then *Mail*, then *Send them through a mail server*.").at("Mail", "/mail"),
                step("Fill in the fields. The *Sender's address* must be one that the server may send for; answers go to it."),
                step("Press *Send a test letter*. The page says what the server answered, and a letter comes to you."),
                step("Press *Save*. From now on new letters leave by themselves."),
            ],
            notes: &[
                "Letters that were held before stay held. Send one with *Send* in the Outbox, or all that still work with the button on the Mail page.",
                "The password is never shown again, and goes to no other server: after a change of server or user it has to be entered again.",
            ],
        },
        Part {
            title: "When letters do not arrive",
            steps: &[
                step("*Home* says when letters do not leave, and names those that were given up.").at("Home", "/"),
                step("Under *Mail* the card *How it goes* says what the server said, and when it is tried again.").at("Mail", "/mail"),
                step("Once it is mended, *Retry now* in the Outbox does not wait.").at("Outbox", "/outbox"),
            ],
            notes: &["A letter is tried for three days. One whose link has expired meanwhile is not sent: send a new one."],
        },
    ],
};
