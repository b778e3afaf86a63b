//! The door: the only way in. Bytes from the network come to it and to nobody else; what it lets through is one whole, strictly
//! read request at a time, what it sends back one whole answer.
//!
//! Behind it stands an HTTP server that trusts its clients (`app/server.rs` names it). It listens on a private socket, sees only
//! heads that the gate has written itself, and never waits for anybody: whoever is slow is slow at the gate.

pub mod stream;
pub mod limits;
pub mod refusal;
pub mod reader;
pub mod register;
pub mod tray;
pub mod answer;
pub mod hall;
pub mod pool;
pub mod visit;
pub mod door;
pub mod tls;
