//! The list of guides.

use crate::guides::model::Guide;
use crate::guides::{branding_texts, device_texts, organization_texts, partner_texts, portal_texts, saas_texts};

/// Every guide, in the order of the list.
pub const ALL: &[Guide] = &[
    saas_texts::LINKING,
    saas_texts::SELF_SERVICE,
    organization_texts::USERS,
    organization_texts::NEW_ORGANIZATION,
    organization_texts::LIFE,
    organization_texts::TRANSFER,
    partner_texts::EMPLOYEES,
    partner_texts::GROUPS,
    partner_texts::SUB_PARTNERS,
    branding_texts::BRANDING,
    saas_texts::INTEGRATION,
    saas_texts::ADDING,
    portal_texts::IMPORT,
    saas_texts::STATUS_PAGE,
    device_texts::DEVICES,
    device_texts::DEVICE_STATUS,
    device_texts::DEVICE_TASKS,
    device_texts::ENDPOINTS,
    portal_texts::SCRIPTS,
    portal_texts::FIRST_SIGN_IN,
    portal_texts::OWN_ACCOUNT,
    portal_texts::MAIL,
];
