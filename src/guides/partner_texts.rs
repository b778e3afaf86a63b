//! The guides about the partner's own people and the partners beneath.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::model::{Guide, Part, step};

const STAFF: (&str, &str) = ("Manage Employees", "/employees");

/// "Look after employees and their roles".
pub const EMPLOYEES: Guide = Guide {
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

/// "Limit employees to some organizations".
pub const GROUPS: Guide = Guide {
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

/// "Partners beneath your own".
pub const SUB_PARTNERS: Guide = Guide {
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
