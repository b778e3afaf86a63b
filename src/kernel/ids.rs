//! Every kind of id, one line each.

use crate::id;

id!(/// A partner.
    PartnerId);
id!(/// What a person signs in with at one partner.
    IdentityId);
id!(/// An identity's place at a partner or an organization.
    AccountId);
id!(/// An organization; eight random digits, shown as `123456-78` (ORG-5).
    OrganizationId);
id!(/// A SaaS account; not the vendor's customer id.
    SaasAccountId);
id!(/// A seat inside a SaaS account.
    SeatId);
id!(/// A letter in the outbox.
    LetterId);
id!(/// A mailed link's token.
    LinkId);
id!(/// A session.
    SessionId);
id!(/// An event's place in the activity log.
    EventId);
id!(/// An import, from its preview on.
    ImportId);
id!(/// An access group.
    GroupId);
id!(/// A key that scripts come in with.
    KeyId);
id!(/// A transfer from one partner to another.
    TransferId);
id!(/// An endpoint agent.
    EndpointAgentId);
id!(/// A dataset of an endpoint agent.
    EndpointDatasetId);
id!(/// A restore of files from a dataset.
    FileRestoreId);
id!(/// A managed network.
    NetworkId);
id!(/// A backup appliance; not its serial number.
    DeviceId);
id!(/// What a device protects: an agent or a share.
    AssetId);
id!(/// Something to be done about a device.
    TaskId);
id!(/// An offsite audit of a device.
    AuditId);
id!(/// An e-mail that another product uses.
    AddressId);

impl OrganizationId {
    /// The ID as people read it: `123456-78`.
    pub fn shown(self) -> String {
        let mut digits = self.0.to_string();
        if digits.len() >= 6 {
            digits.insert(6, '-');
        }
        digits
    }
}
