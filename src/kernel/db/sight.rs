//! What every read of what belongs to an organization says, so that nobody sees more than they may.

/// The condition, in SQL, that an organization is in a visitor's sight (EMP-4, USR-8). The statement takes its values from the scope's
/// `bind`; without them nothing is in sight. `or_none` also lets through what belongs to no organization, for employees.
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
    ($organization:literal or_none) => {
        concat!(
            "(case :sight when 0 then 1 when 1 then ",
            $organization,
            " = :whose else ",
            $organization,
            " is null or exists (select 1 ",
            "from employee_sight g where g.account = :whose and g.organization = ",
            $organization,
            ") end)"
        )
    };
}
