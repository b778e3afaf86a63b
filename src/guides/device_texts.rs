//! The guides about devices, networks and Endpoint Backup.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::model::{Guide, Part, step};

const MANAGE: (&str, &str) = ("Manage Organizations", "/organizations");
const DEVICES_PAGE: (&str, &str) = ("Device Status", "/status/devices");
const ENDPOINTS_PAGE: (&str, &str) = ("Endpoint Backup Status", "/status/endpoints");

/// Linking devices and networks (seed 002).
pub const DEVICES: Guide = Guide {
    slug: "devices-and-networks",
    title: "Link devices and networks",
    about: "Backup devices and managed networks, tied to the organization that they protect.",
    access: Access::Employee(Right::ManageOrganizations),
    parts: &[
        Part {
            title: "Link devices",
            steps: &[
                step("In the top menu choose *Admin*, then *Manage Organizations*, and press the pencil in the organization's row.")
                    .older("organization admin page")
                    .at(MANAGE.0, MANAGE.1),
                step("On the card *Devices* press *Add Devices*."),
                step("Type part of the hostname or serial number and press Enter: what is found is filled in. Several can be ticked."),
                step("Press *Link Devices*."),
            ],
            notes: &["A device is linked to one organization at most. The trash can unlinks it; device and backups stay."],
        },
        Part {
            title: "Link networks",
            steps: &[
                step("On the card *Networks* press *Link Networks*."),
                step("Look by name, group name, DNA hostname or DNA serial number, and press Enter."),
                step("Press *Link Networks*."),
            ],
            notes: &["Devices and networks come in by *Import*; one that is not offered is linked already, or not yet imported."],
        },
    ],
};

/// Device Status and Alert settings (seed 002).
pub const DEVICE_STATUS: Guide = Guide {
    slug: "device-status",
    title: "See how devices fare, and be told",
    about: "Device Status, how you want to see it, and who is written to when something is wrong.",
    access: Access::DeviceViewer,
    parts: &[
        Part {
            title: "See how devices fare",
            steps: &[
                step("Choose *Status*, then *Device Status*. Above the table stands what is worst right now, and why.").at(DEVICES_PAGE.0, DEVICES_PAGE.1),
                step("Open a row for its agents and shares, last snapshot, screenshot and offsite copy, alerts, service plan and warranty."),
                step("Under *Account Settings*, *Display*, choose what devices are sorted by, how storage is shown, and after how many hours a backup counts as late.")
                    .at("Display", "/account/display"),
            ],
            notes: &["Storage is green up to 50 %, orange to 80 %, red above. Device web opens the device's own address in a new tab."],
        },
        Part {
            title: "Be told",
            steps: &[
                step("Choose *Alert settings*, and the organization.").at("Alert settings", "/alerts"),
                step("Set threshold, unit and who is told for each rule. Above it stands what it would say right now."),
                step("Press *Save*."),
            ],
            notes: &[
                "A rule that comes true writes one letter, and another only after it has been over; of a warning and a failure at once, the failure alone.",
                "Your provider's people and your organization's own each have settings of their own: neither changes what the other is told.",
            ],
        },
    ],
};

const TASKS: (&str, &str) = ("Device Tasks", "/tasks");

/// Device tasks, restores and audits (seed 002).
pub const DEVICE_TASKS: Guide = Guide {
    slug: "device-tasks",
    title: "Have something done about a device",
    about: "Removing virtual machines and file restores, deleting local data, changing networks and schedules, replacing parts and devices.",
    access: Access::DeviceViewer,
    parts: &[
        Part {
            title: "Ask for it",
            steps: &[
                step("Choose *Status*, then *Device Tasks*.").at(TASKS.0, TASKS.1),
                step("Press *Add device task*, and choose the device.").older("support interactions"),
                step("Choose what is to be done, and say in the *Note* what exactly, when, and what to mind."),
                step("Tick *Disaster recovery* when systems are down: it stands before all others."),
                step("Press *Add device task*. What an employee asks for, or a user who is authorized for support, is queued at once."),
            ],
            notes: &[
                "What another user asks for waits until an employee approves it, or refuses it with a reason; disaster recovery stands first from the approval on.",
                "Whoever asked takes it back with *Withdraw* on the task's page, as long as no connector has it.",
                "When a connector falls silent, an employee presses *Put back into the queue*: another one takes the task.",
                "A letter tells who asked when it was done or refused; the task's page tells by whom and what came of it.",
            ],
        },
        Part {
            title: "Restore from a recovery point",
            steps: &[
                step(
                    "Open the device under *Device Status*, and choose *Recovery Launchpad*; an organization's user finds it under *Status*.",
                ),
                step("Press *Restore* beside a good recovery point, and choose *File restore* or *Virtual machine*."),
                step("Say in the *Note* which files and where to, and press *Ask for restore*. It is queued at once."),
            ],
            notes: &["It is carried out as device tasks are, and stands among them."],
        },
        Part {
            title: "See what lies offsite",
            steps: &[step("Choose *Offsite audit* in the same places, and press *Make an offsite audit*.")],
            notes: &[
                "One a day (UTC), kept as it was made. A chain is orphaned when its agent is archived, or stood in the audit before and is not reported any more.",
            ],
        },
        Part {
            title: "What becomes of it",
            steps: &[],
            notes: &[
                "*Waits for approval*: an employee decides. *Queued*: the next connector takes it. *In progress*: one is at it. *Done* or *Refused*: it is over.",
                "An employee closes by hand what was done without a connector.",
            ],
        },
    ],
};

/// Endpoint Backup and file restores (seed 002).
pub const ENDPOINTS: Guide = Guide {
    slug: "endpoint-backup",
    title: "Restore files of a computer with Endpoint Backup",
    about: "Which computers are backed up, how their last backups went, and how files come back.",
    access: Access::EndpointViewer,
    parts: &[
        Part {
            title: "See how agents are backed up",
            steps: &[
                step("Choose *Status*, then *Endpoint Backup Status*.").at(ENDPOINTS_PAGE.0, ENDPOINTS_PAGE.1),
                step("Each agent has its last backup and the last ten as a strip; the newest stands at the right."),
                step("Open an agent for its datasets and the screenshots' times and results."),
            ],
            notes: &["Data carries the time of the report it came with. An agent that was never reported says so."],
        },
        Part {
            title: "Restore files",
            steps: &[
                step("Open the agent, and press *Restore files*."),
                step("Choose the recovery point, and say which files and where to."),
                step("When the files are back, remove the restore."),
            ],
            notes: &[
                "One user of an organization at most has Endpoint Backup access. Taking it away destroys nothing: datasets belong to the organization.",
            ],
        },
    ],
};
