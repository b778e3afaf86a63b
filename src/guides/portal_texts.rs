//! The guides about the portal itself: what comes in, what scripts read, letters, and one's own account.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::model::{Guide, Part, step};

const STATUS: (&str, &str) = ("SaaS Protection Status", "/status/saas");
const KEYS: (&str, &str) = ("API Keys", "/api-keys");

/// "Bring in what you have".
pub const IMPORT: Guide = Guide {
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

/// "Let a script read status and change seats".
pub const SCRIPTS: Guide = Guide {
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

/// "See your backup status".
pub const FIRST_SIGN_IN: Guide = Guide {
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

/// "Look after your own account".
pub const OWN_ACCOUNT: Guide = Guide {
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

/// "Send letters through your mail server".
pub const MAIL: Guide = Guide {
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
