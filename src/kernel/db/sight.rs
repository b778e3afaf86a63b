//! What every read of what belongs to an organization says, so that nobody sees more than they may.

/// The condition, in SQL, that an organization is in a visitor's sight (EMP-4, USR-8). The statement takes its values from the scope's
/// `bind`; without them nothing is in sight. `or_none` also lets employees see what belongs to no organization; whom access groups limit, only what
/// their own partner holds of it, which is why it takes the partner's column.
#[macro_export]
macro_rules! in_sight {
    ($organization:literal) => {
        concat!(
            "(case :sight when 0 then 1 when 1 then ",
            $organization,
            " = :whose else exists (select 1 from employee_sight g ",
            "where g.account = :whose and g.organization = ",
            $organization,
            ") end)"
        )
    };
    ($organization:literal or_none $partner:literal) => {
        concat!(
            "(case :sight when 0 then 1 when 1 then ",
            $organization,
            " = :whose else (",
            $organization,
            " is null and ",
            $partner,
            " = :viewer) or exists (select 1 ",
            "from employee_sight g where g.account = :whose and g.organization = ",
            $organization,
            ") end)"
        )
    };
}

/// The condition, in SQL, that an identity has an account out of a limited employee's sight (EMP-4), with the values of the scope's `bind`.
/// False for everybody else.
#[macro_export]
macro_rules! sees_further {
    ($identity:literal) => {
        concat!("(:sight is 2 and exists (select 1 from identity_beyond y where y.member = :whose and y.identity = ", $identity, "))")
    };
}

/// The condition, in SQL, that a letter of the viewer's outbox is in sight, with the values of the scope's `bind`.
#[macro_export]
macro_rules! letter_in_sight {
    ($letter:literal) => {
        concat!("(:sight = 0 or exists (select 1 from letter_in_sight y where y.member = :whose and y.letter = ", $letter, "))")
    };
}

/// The condition, in SQL, that a row of `organization_listing` is not of an organization that is deleted, or whose 45 days are over (SUB-3),
/// whether or not a job wrote that down. The statement takes `:over`, the moment up to which what was unsubscribed is over.
#[macro_export]
macro_rules! not_over {
    ($listing:literal) => {
        concat!(
            "(",
            $listing,
            ".state <> 'deleted' and (",
            $listing,
            ".unsubscribed_at is null or ",
            $listing,
            ".unsubscribed_at > :over))"
        )
    };
}
