//! Plain values with their defaults and limits.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The database's name in the data folder.
pub const DATABASE: &str = "portico.db";
/// The key file's.
pub const KEY_FILE: &str = "portico.key";

/// How a portal is run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with the database, its key file and all else.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach the portal, without a slash at the end.
    pub public_url: String,
    /// Where letters go as files; held in the outbox when there is none.
    pub mail_folder: Option<PathBuf>,
    /// SEC-1: the proxy whose X-Forwarded-For is believed.
    pub trusted_proxy: Option<std::net::IpAddr>,
    /// Whether this is the demo.
    pub demo: bool,
}

impl Config {
    /// The Host values that are answered: the usual names of this machine with our port, and the public address.
    pub fn hosts(&self) -> Vec<String> {
        let port = self.listen.port();
        let public = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, host)| host);
        let public = public.split('/').next().unwrap_or_default();
        // A browser leaves out the port it takes for granted.
        let own = ["127.0.0.1", "localhost", "[::1]"];
        let own = own.into_iter().map(|name| if port == 80 { name.to_owned() } else { format!("{name}:{port}") });
        own.chain([public.to_owned()]).collect()
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data.join(DATABASE)
    }

    /// The key file beside it.
    pub fn key_file(&self) -> PathBuf {
        self.data.join(KEY_FILE)
    }
}
