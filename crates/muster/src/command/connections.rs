//! Connections of clients. Each speaks HTTP/1.1, and one that says nothing for long is let go: whoever opens many and stays
//! silent must not keep others out.

use std::{io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// How long a client may take for the head of a request, and stay silent between two of them. Longer than the minute for
/// which reverse proxies keep connections, so that they close first.
pub const PATIENCE: Duration = Duration::from_secs(75);

/// Answers whoever connects, until `stop`; then requests in hand are finished.
pub async fn serve(listener: TcpListener, router: Router, patience: Duration, stop: impl Future<Output = ()>) {
    let (open, mut stop) = (GracefulShutdown::new(), pin!(stop));
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => talk(&open, stream, client, router.clone(), patience),
                Err(error) => pause(&error).await,
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    open.shutdown().await;
}

fn talk(open: &GracefulShutdown, stream: TcpStream, client: SocketAddr, router: Router, patience: Duration) {
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(client));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    let talking = open.watch(http.serve_connection(TokioIo::new(stream), answer));
    tokio::spawn(async move {
        if let Err(error) = talking.await {
            tracing::trace!(%error, "a connection broke off");
        }
    });
}

/// A client that is gone again is nothing; a process without file descriptors has to wait for some.
async fn pause(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection could be taken");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const SHORT: Duration = Duration::from_millis(100);

    async fn server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let who = |ConnectInfo(client): ConnectInfo<SocketAddr>| async move { client.to_string() };
        let router = Router::new().route("/", get(who));
        tokio::spawn(serve(listener, router, SHORT, std::future::pending()));
        address
    }

    /// All that the server says to this until it hangs up.
    async fn said(head: &str) -> (String, SocketAddr) {
        let mut stream = TcpStream::connect(server().await).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut text = String::new();
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_string(&mut text));
        read.await.expect("the server hangs up").unwrap();
        (text, stream.local_addr().unwrap())
    }

    #[tokio::test]
    async fn a_client_that_stays_silent_or_never_ends_its_head_is_let_go() {
        for head in ["", "G", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
            assert!(!said(head).await.0.contains("200 OK"), "{head:?}");
        }
    }

    #[tokio::test]
    async fn a_client_that_asks_is_answered_by_its_address_and_let_go_when_it_asks_no_more() {
        let (text, client) = said("GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(text.starts_with("HTTP/1.1 200 OK") && text.ends_with(&client.to_string()), "{text}");
    }

    #[tokio::test]
    async fn what_is_in_hand_when_the_server_stops_is_finished() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (begun, begins) = tokio::sync::oneshot::channel::<()>();
        let begun = std::sync::Arc::new(std::sync::Mutex::new(Some(begun)));
        let slow = move || {
            if let Some(begun) = begun.lock().unwrap().take() {
                begun.send(()).unwrap();
            }
            async {
                tokio::time::sleep(SHORT).await;
                "done"
            }
        };
        let router = Router::new().route("/", get(slow));
        let serving = tokio::spawn(serve(listener, router, SHORT, async { stopped.await.unwrap_or(()) }));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        begins.await.unwrap();
        stop.send(()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert!(text.ends_with("done"), "{text}");
        serving.await.unwrap();
    }
}
