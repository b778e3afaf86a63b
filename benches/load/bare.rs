//! A bare `tiny_http` with the portal's listener settings, in a process of its own as the portal is. It serves the answers of a
//! folder from memory: `/0`, `/1`, … as they were recorded.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use socket2::{Domain, Protocol, Socket, Type};
use tiny_http::{Header, Response, Server, StatusCode};

use crate::Fallible;
use crate::client::Answer;

/// As many as the portal has.
const WORKERS: usize = 8;

/// Fields that tiny_http writes itself.
const OWN: [&str; 6] = ["connection", "content-length", "date", "server", "transfer-encoding", "keep-alive"];

/// Keeps an answer to be served: its fields, an empty line, its body.
pub fn record(folder: &Path, number: usize, answer: &Answer) -> Fallible<()> {
    let mut file = String::new();
    for line in answer.head.lines().skip(1).filter(|line| !line.is_empty()) {
        let name = line.split(':').next().unwrap_or_default();
        if !OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            file.push_str(line);
            file.push('\n');
        }
    }
    file.push('\n');
    std::fs::write(folder.join(number.to_string()), [file.as_bytes(), &answer.body].concat())?;
    Ok(())
}

struct Recorded {
    headers: Vec<Header>,
    body: Vec<u8>,
}

fn read(path: &Path) -> Fallible<Recorded> {
    let bytes = std::fs::read(path)?;
    let end = bytes.windows(2).position(|window| window == b"\n\n").ok_or("a recorded answer has no end of its head")?;
    let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?;
    let headers = head.lines().filter_map(|line| line.parse().ok()).collect();
    Ok(Recorded { headers, body: bytes.get(end + 2..).unwrap_or_default().to_vec() })
}

/// Serves a folder of answers until it is ended; prints its address.
pub fn serve(folder: &Path) -> Fallible<()> {
    let address: SocketAddr = ([127, 0, 0, 1], 0).into();
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_tcp_nodelay(true)?;
    socket.bind(&address.into())?;
    socket.listen(1_024)?;
    let listener: std::net::TcpListener = socket.into();
    println!("{}", listener.local_addr()?);
    let server = Server::from_listener(listener, None).map_err(|error| error.to_string())?;
    let count = std::fs::read_dir(folder)?.count();
    let answers: Vec<Recorded> = (0..count).map(|number| read(&folder.join(number.to_string()))).collect::<Fallible<_>>()?;
    let (server, answers) = (Arc::new(server), Arc::new(answers));
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (server, answers) = (Arc::clone(&server), Arc::clone(&answers));
            std::thread::spawn(move || work(&server, &answers))
        })
        .collect();
    for worker in workers {
        drop(worker.join());
    }
    Ok(())
}

fn work(server: &Server, answers: &[Recorded]) {
    while let Ok(request) = server.recv() {
        let number: usize = request.url().trim_start_matches('/').parse().unwrap_or(usize::MAX);
        let sent = match answers.get(number) {
            // Never in chunks: that would cost it a copy.
            Some(answer) => request.respond(
                Response::new(StatusCode(200), answer.headers.clone(), answer.body.as_slice(), Some(answer.body.len()), None)
                    .with_chunked_threshold(usize::MAX),
            ),
            None => request.respond(Response::empty(404)),
        };
        drop(sent);
    }
}
