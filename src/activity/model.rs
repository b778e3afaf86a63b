//! An event, in the words of the log.

use crate::kernel::ids::{EventId, OrganizationId, PartnerId};
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// What kind of thing happened. Past tense; the part before the dot is what it happened to.
    Kind {
        /// The portal was set up.
        PortalSetUp = "portal.set_up",
        /// A sub-partner came to be.
        PartnerCreated = "partner.created",
        /// Its name, country or primary account's e-mail was changed from above.
        PartnerChanged = "partner.changed",
        /// Its primary account's set-up letter was sent again (ACC-14).
        PartnerInvited = "partner.invited",
        /// Its right to transfer was granted or revoked (PAR-5).
        TransferRightChanged = "partner.transfer_right_changed",
        /// Somebody signed in.
        SignedIn = "session.signed_in",
        /// Somebody gave a password, with something still to come.
        PasswordGiven = "session.password_given",
        /// Somebody tried to.
        SignInFailed = "session.sign_in_failed",
        /// Somebody signed in gave a wrong password when asked for it again (SEC-2).
        ProofFailed = "session.proof_failed",
        /// Somebody signed out.
        SignedOut = "session.signed_out",
        /// A session was ended by its owner.
        SessionEnded = "session.ended",
        /// A password was set through a link or in Account Settings.
        PasswordSet = "password.set",
        /// A reset letter was written.
        PasswordResetAsked = "password.reset_asked",
        /// A second factor was set up or replaced.
        FactorSetUp = "second_factor.set_up",
        /// One that nobody asked for was taken away by its owner.
        FactorRemoved = "second_factor.removed",
        /// One was reset, or cleared by the operator.
        FactorReset = "second_factor.reset",
        /// A recovery code was used in its place.
        RecoveryCodeUsed = "recovery_code.used",
        /// New recovery codes were made.
        RecoveryCodesMade = "recovery_code.made",
        /// A partner's security settings changed.
        SecurityChanged = "security.changed",
        /// A partner chose which letters are written (NOT-1).
        NotificationsChanged = "notifications.changed",
        /// One of a partner's own letters was written: Errors, Invoices or General (NOT-1).
        DigestWritten = "notifications.digest_written",
        /// What a partner's portal looks like was changed (BRA-1).
        BrandingChanged = "branding.changed",
        /// A change of it was drafted, or the draft discarded (BRA-5).
        BrandingDrafted = "branding.drafted",
        /// Somebody set what an organization, or the whole partner, is warned about (DEV-6).
        AlertsChanged = "alerts.changed",
        /// A rule came true, and its letter was written.
        AlertRaised = "alerts.raised",
        /// Own details changed.
        DetailsChanged = "account.details_changed",
        /// An employee was added.
        EmployeeAdded = "employee.added",
        /// An employee was edited: name, e-mail, phone, role or products.
        EmployeeChanged = "employee.changed",
        /// A letter was sent to an employee again.
        EmployeeInvited = "employee.invited",
        /// An employee was deactivated.
        EmployeeDeactivated = "employee.deactivated",
        /// An employee was reactivated.
        EmployeeReactivated = "employee.reactivated",
        /// An employee was removed.
        EmployeeRemoved = "employee.removed",
        /// The primary account became another employee's (ACC-14).
        PrimaryAccountHandedOver = "primary_account.handed_over",
        /// The operator of this machine looked at who can sign in (SEC-4).
        AccountsListed = "account.listed",
        /// An access group was created.
        GroupCreated = "group.created",
        /// Its name changed.
        GroupRenamed = "group.renamed",
        /// It was deleted.
        GroupDeleted = "group.deleted",
        /// An organization was put into it.
        GroupOrganizationAdded = "group.organization_added",
        /// An organization was taken out of it.
        GroupOrganizationRemoved = "group.organization_removed",
        /// An employee was put into it.
        GroupMemberAdded = "group.member_added",
        /// An employee was taken out of it.
        GroupMemberRemoved = "group.member_removed",
        /// An employee whom groups limited was let see all organizations.
        GroupMemberReleased = "group.member_released",
        /// An organization was created.
        OrganizationCreated = "organization.created",
        /// Its name changed.
        OrganizationRenamed = "organization.renamed",
        /// Its contact, country or settings changed.
        OrganizationChanged = "organization.changed",
        /// It was deleted.
        OrganizationDeleted = "organization.deleted",
        /// It went to another partner.
        OrganizationTransferred = "organization.transferred",
        /// It came from another partner.
        OrganizationReceived = "organization.received",
        /// Its plan or seats changed.
        SubscriptionChanged = "subscription.changed",
        /// An organization was suspended (SUB-2).
        SubscriptionSuspended = "subscription.suspended",
        /// One was unsubscribed (SUB-3).
        SubscriptionUnsubscribed = "subscription.unsubscribed",
        /// One was reactivated (SUB-4).
        SubscriptionReactivated = "subscription.reactivated",
        /// How long an unsubscribed one can still come back was told (SUB-11).
        SubscriptionReminded = "subscription.reminded",
        /// Prices were set, or taken back before they held.
        PricesChanged = "price.changed",
        /// A user was added.
        UserAdded = "user.added",
        /// A user was edited.
        UserChanged = "user.changed",
        /// A letter was sent to a user (again).
        UserInvited = "user.invited",
        /// An account set itself up.
        AccountSetUp = "account.set_up",
        /// An identity accepted a further account.
        AccountAccepted = "account.accepted",
        /// The seven days passed.
        AccountLapsed = "account.lapsed",
        /// A user was deactivated.
        UserDeactivated = "user.deactivated",
        /// A user was reactivated.
        UserReactivated = "user.reactivated",
        /// A user was removed.
        UserRemoved = "user.removed",
        /// A user was authorized for support (SUP-1).
        SupportAuthorized = "support.authorized",
        /// Their support PIN was confirmed, so that it is in force.
        SupportConfirmed = "support.confirmed",
        /// It was taken back.
        SupportWithdrawn = "support.withdrawn",
        /// A user made a support PIN.
        SupportPinMade = "support.pin_made",
        /// A wrong one was entered.
        SupportPinRefused = "support.pin_refused",
        /// Something was asked for on a device (DEV-7, DEV-9).
        TaskAsked = "device_task.asked",
        /// An employee approved it.
        TaskApproved = "device_task.approved",
        /// A connector took it.
        TaskTaken = "device_task.taken",
        /// It said how far it is.
        TaskReported = "device_task.reported",
        /// It was done, or refused.
        TaskEnded = "device_task.ended",
        /// Who asked took it back.
        TaskWithdrawn = "device_task.withdrawn",
        /// An employee put it back into the queue.
        TaskPutBack = "device_task.put_back",
        /// An offsite audit was made (DEV-8).
        AuditMade = "offsite_audit.made",
        /// A SaaS account was linked.
        SaasLinked = "saas_account.linked",
        /// A SaaS account was unlinked.
        SaasUnlinked = "saas_account.unlinked",
        /// A SaaS account was added, pending its authorization.
        SaasAdded = "saas_account.added",
        /// A user was asked to authorize one.
        SaasAsked = "saas_account.asked",
        /// A user of the organization consented.
        SaasConsented = "saas_account.consented",
        /// One was authorized.
        SaasAuthorized = "saas_account.authorized",
        /// Its commitment, retention, cap or Auto-add changed.
        SaasChanged = "saas_account.changed",
        /// It was cancelled, and its backups destroyed.
        SaasCancelled = "saas_account.cancelled",
        /// It was taken on again: an import showed backups made after the cancellation.
        SaasTakenOnAgain = "saas_account.taken_on_again",
        /// It went to another partner.
        SaasTransferred = "saas_account.transferred",
        /// It came from another partner.
        SaasReceived = "saas_account.received",
        /// A network was linked.
        NetworkLinked = "network.linked",
        /// A network was unlinked.
        NetworkUnlinked = "network.unlinked",
        /// A device was linked.
        DeviceLinked = "device.linked",
        /// A device was unlinked.
        DeviceUnlinked = "device.unlinked",
        /// A file restore was asked for.
        FileRestoreAsked = "file_restore.asked",
        /// What came of it was said.
        FileRestoreClosed = "file_restore.closed",
        /// It was removed.
        FileRestoreRemoved = "file_restore.removed",
        /// A transfer was asked for.
        TransferAsked = "transfer.asked",
        /// It was validated.
        TransferValidated = "transfer.validated",
        /// It was refused, withdrawn, or has lapsed.
        TransferEnded = "transfer.ended",
        /// The address of the vendor's console was set.
        ConsoleSet = "partner.console_set",
        /// A letter was opened.
        LetterOpened = "letter.opened",
        /// A letter is tried again at once.
        LetterRetried = "letter.retried",
        /// Letters that were held were sent on their way.
        LettersReleased = "letter.released",
        /// The way letters leave was set.
        MailChanged = "mail.changed",
        /// A test letter was sent, or could not be.
        MailTested = "mail.tested",
        /// An e-mail was listed as used in another product.
        AddressListed = "address.listed",
        /// It was taken off the list.
        AddressUnlisted = "address.unlisted",
        /// An API key was made.
        KeyMade = "api_key.made",
        /// It got a new secret.
        KeyRegenerated = "api_key.regenerated",
        /// It was switched off.
        KeyDeactivated = "api_key.deactivated",
        /// It was switched on again.
        KeyReactivated = "api_key.reactivated",
        /// It was deleted.
        KeyDeleted = "api_key.deleted",
        /// A script with a wrong or spent key was not let in.
        KeyRefused = "api_key.refused",
        /// Seats were protected, paused, unprotected, or their backups deleted.
        SeatsChanged = "seat.changed",
        /// The backups of unprotected seats were destroyed when their days were up (SEA-3).
        SeatBackupsDestroyed = "seat.backups_destroyed",
        /// A month's statement was closed.
        StatementClosed = "statement.closed",
        /// A statement was compared with the billing system, or a name there matched.
        Reconciled = "statement.reconciled",
        /// Something was exported.
        Exported = "export.made",
        /// Files were imported.
        Imported = "import.done",
        /// A backup took the portal's place (OPS-1).
        PortalRestored = "portal.restored",
        /// A backup was made.
        BackupMade = "backup.made",
        /// One could not be made.
        BackupFailed = "backup.failed",
        /// One was asked for.
        BackupAsked = "backup.asked",
        /// One was deleted.
        BackupDeleted = "backup.deleted",
        /// Daily ones were switched on or off.
        BackupsChanged = "backup.changed",
    }
);

impl Kind {
    /// Whether what was tried was done.
    pub const fn is_success(self) -> bool {
        !matches!(self, Self::SignInFailed | Self::ProofFailed | Self::KeyRefused | Self::SupportPinRefused | Self::BackupFailed)
    }

    /// As the filter shows it: "organization: created".
    pub fn shown(self) -> String {
        let (thing, what) = self.word().split_once('.').unwrap_or((self.word(), ""));
        format!("{}: {}", thing.replace('_', " "), what.replace('_', " "))
    }
}

/// One field that changed; secrets never come here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The field as people read it.
    pub field: &'static str,
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

impl Change {
    /// The change, if there is one.
    pub fn between(field: &'static str, from: impl Into<String>, to: impl Into<String>) -> Option<Self> {
        let (from, to) = (from.into(), to.into());
        if from == to { None } else { Some(Self { field, from, to }) }
    }
}

/// An event to record.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// The organization whose page shows it.
    pub organization: Option<OrganizationId>,
    /// `organization`, `user`, `saas_account`, …
    pub target_kind: &'static str,
    /// The target's id.
    pub target_id: Option<i64>,
    /// Its name at that moment.
    pub target_name: String,
    /// The sentence without its subject: "linked Ember Accounting to New Client". The page puts the actor before it.
    pub sentence: String,
    /// What changed from what to what.
    pub changes: Vec<Change>,
}

impl Event {
    /// An event about nothing but itself.
    pub fn new(kind: Kind, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            organization: None,
            target_kind: "",
            target_id: None,
            target_name: String::new(),
            sentence: sentence.into(),
            changes: Vec::new(),
        }
    }

    /// About this target.
    #[must_use]
    pub fn about(mut self, kind: &'static str, id: i64, name: impl Into<String>) -> Self {
        self.target_kind = kind;
        self.target_id = Some(id);
        self.target_name = name.into();
        self
    }

    /// Shown on this organization's page.
    #[must_use]
    pub fn at(mut self, organization: OrganizationId) -> Self {
        self.organization = Some(organization);
        self
    }

    /// With what changed.
    #[must_use]
    pub fn with(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes.extend(changes);
        self
    }
}

/// A change as it was kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The field as people read it.
    pub field: String,
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
}

/// An event as it was kept.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the log.
    pub seq: EventId,
    /// When.
    pub at: Timestamp,
    /// In whose log.
    pub partner: PartnerId,
    /// The organization whose page shows it.
    pub organization: Option<OrganizationId>,
    /// Name and e-mail.
    pub actor: String,
    /// "Admin", "Organization user", …
    pub roles: String,
    /// From where.
    pub address: String,
    /// What kind of thing.
    pub kind: Kind,
    /// What it happened to.
    pub target_name: String,
    /// The sentence without its subject.
    pub sentence: String,
    /// What changed from what to what.
    pub changes: Vec<Changed>,
}

impl Entry {
    /// The actor's name without the e-mail: "Ada Lane".
    pub fn actor_name(&self) -> &str {
        self.actor.split_once(" (").map_or(self.actor.as_str(), |(name, _)| name)
    }
}

/// LOG-3: which events are looked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Part of the actor's name or e-mail; empty for everybody.
    pub person: String,
    /// At this organization.
    pub organization: Option<OrganizationId>,
    /// Of this kind.
    pub kind: Option<Kind>,
}

/// Which page of the log, newest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    /// The first.
    Newest,
    /// Events older than this one.
    Before(EventId),
    /// Events newer than this one.
    After(EventId),
}

/// LOG-2: the last look at the whole chain.
#[derive(Clone, Debug)]
pub struct ChainCheck {
    /// When.
    pub at: Timestamp,
    /// How many events fit, from the first on.
    pub events: i64,
    /// The first that does not.
    pub first_bad: Option<EventId>,
}

/// The target of a `portal.restored` whose backup came without its key: the chain begins anew with that event.
pub const LOST_KEY: &str = "lost_key";

/// LOG-2: how often the whole chain is looked at.
pub const CHECK_EVERY: Span = Span::hours(1);
