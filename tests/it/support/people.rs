//! The cast. Everybody's password is `PASSWORD`.

/// Somebody with an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
    /// What they sign in with.
    pub email: &'static str,
    /// Their account's id.
    pub account: i64,
}

impl Member {
    const fn new(first: &'static str, last: &'static str, email: &'static str, account: i64) -> Self {
        Self { first, last, email, account }
    }

    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

/// Everybody's.
pub const PASSWORD: &str = "four unrelated harbor words";

/// The operating partner.
pub const HARBOR: &str = "Harbor MSP";
/// A partner beneath it, Mallory's.
pub const TIDEWATER: &str = "Tidewater IT";
/// Its sister.
pub const QUAY: &str = "Quay Systems";

/// Primary account of Harbor MSP.
pub const ADA: Member = Member::new("Ada", "Lane", "ada@harbor.example", 110_000_000_000_001);
/// Security Admin.
pub const SAM: Member = Member::new("Sam", "Okafor", "sam@harbor.example", 110_000_000_000_002);
/// Admin.
pub const ABE: Member = Member::new("Abe", "Winter", "abe@harbor.example", 110_000_000_000_003);
/// Tech.
pub const TESS: Member = Member::new("Tess", "Moreau", "tess@harbor.example", 110_000_000_000_004);
/// Business.
pub const BEA: Member = Member::new("Bea", "Lindqvist", "bea@harbor.example", 110_000_000_000_005);
/// Sales & Marketing.
pub const SID: Member = Member::new("Sid", "Castellan", "sid@harbor.example", 110_000_000_000_006);

/// The organization of Olu, Noor and Finn.
pub const ALDER: &str = "Alder Dental";
/// Its id.
pub const ALDER_ID: i64 = 10_000_001;
/// Nia's organization.
pub const BIRCH: &str = "Birch & Sons";
/// Its id.
pub const BIRCH_ID: i64 = 10_000_002;
/// An organization of Tidewater IT.
pub const CEDAR: &str = "Cedar Clinic";
/// Its id.
pub const CEDAR_ID: i64 = 20_000_001;
/// An organization of Quay Systems.
pub const DOGWOOD: &str = "Dogwood Freight";
/// Its id.
pub const DOGWOOD_ID: i64 = 30_000_001;

/// User of Alder Dental: Full access.
pub const OLU: Member = Member::new("Olu", "Adeyemi", "olu@alder.example", 120_000_000_000_001);
/// User of Alder Dental: No access to anything.
pub const NOOR: Member = Member::new("Noor", "Haddad", "noor@alder.example", 120_000_000_000_002);
/// User of Alder Dental: Endpoint Backup file restores only.
pub const FINN: Member = Member::new("Finn", "Becker", "finn@alder.example", 120_000_000_000_003);
/// User of Birch & Sons: Full access.
pub const NIA: Member = Member::new("Nia", "Petrov", "nia@birch.example", 120_000_000_000_004);

/// Primary account of Tidewater IT.
pub const PIA: Member = Member::new("Pia", "Novak", "pia@tidewater.example", 210_000_000_000_001);
/// Admin of Tidewater IT, who must never see a thing.
pub const MALLORY: Member = Member::new("Mallory", "Crane", "mallory@tidewater.example", 210_000_000_000_002);
/// User of Cedar Clinic: Full access.
pub const CARL: Member = Member::new("Carl", "Dietz", "carl@cedar.example", 220_000_000_000_001);
/// Primary account of Quay Systems.
pub const QUINN: Member = Member::new("Quinn", "Abara", "quinn@quay.example", 310_000_000_000_001);

/// The staff of Harbor MSP with their roles' stored words.
pub const STAFF: &[(Member, &str)] =
    &[(ADA, "primary_account"), (SAM, "security_admin"), (ABE, "admin"), (TESS, "tech"), (BEA, "business"), (SID, "sales_and_marketing")];
