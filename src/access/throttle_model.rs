//! SEC-1: how failures to sign in are slowed. Pure.

use crate::kernel::time::Span;

/// SEC-1: failures allowed per entered e-mail before pauses begin.
pub const FREE_FAILURES: i64 = 5;
/// SEC-1: failures allowed per address within a minute.
pub const FAILURES_PER_ADDRESS: i64 = 20;

/// SEC-1: the longest pause.
pub const LONGEST_PAUSE: Span = Span::minutes(15);

/// SEC-1: the pause after so many failures in a row: none up to five, then one second, doubling, up to fifteen minutes.
pub fn pause_after(failures: i64) -> Span {
    // Twenty doublings are beyond the longest pause already.
    let doublings = failures.saturating_sub(FREE_FAILURES).clamp(0, 20);
    if doublings == 0 {
        return Span(0);
    }
    Span::seconds((1_i64 << (doublings - 1)).min(LONGEST_PAUSE.0 / 1_000))
}

/// SEC-1: so long does the count of an entered e-mail's failures last after the latest of them.
pub const FAILURES_FORGOTTEN: Span = Span::days(1);
