//! The page that shows every part that pages are made of, in the demo.

use crate::support::people::{ADA, BEA, OLU};
use crate::support::portal::Portal;

/// interface.md: every employee of the demo finds the parts, users and guests do not, and no other portal has them.
#[test]
fn the_parts_are_on_one_page_in_the_demo_alone() {
    let portal = Portal::firm();
    let demo = portal.clone().into_demo();
    for employee in [ADA, BEA] {
        demo.sign_in(employee)
            .get("/design")
            .status(200)
            .sees("Enter a name.")
            .sees("What unfolds below the row.")
            .sees("A row that cannot be ticked");
        portal.sign_in(employee).get("/design").status(404);
    }
    demo.sign_in(OLU).get("/design").status(404);
    demo.guest().get("/design").status(303);
}
