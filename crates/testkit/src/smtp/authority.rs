//! Certificates made for one test by `openssl`.

use std::{fs, process::Command, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tempfile::TempDir;

const CONFIG: &str = "[ca]\ndefault_ca = one\n[one]\ndatabase = index\nunique_subject = no\nnew_certs_dir = .\nrand_serial = yes\ndefault_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n";
const KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/// An authority nobody trusts by itself.
#[derive(Debug)]
pub struct Authority(TempDir);

impl Authority {
    /// A new one, whose name is the same each time.
    ///
    /// # Panics
    /// Without `openssl`.
    pub fn new() -> Self {
        let authority = Self(TempDir::with_prefix("authority-").expect("a folder for its files"));
        authority.write("config", CONFIG);
        authority.write("index", "");
        let made = ["req", "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=authority"];
        authority.openssl(&made, &KEY);
        authority
    }

    /// The root certificate.
    ///
    /// # Panics
    /// When somebody took its files away.
    pub fn pem(&self) -> Vec<u8> {
        fs::read(self.0.path().join("ca.pem")).expect("it was made")
    }

    /// A server with a certificate for `name` that ends in the year `ends`.
    ///
    /// # Panics
    /// Without `openssl`.
    pub fn server(&self, name: &str, ends: u16) -> Arc<ServerConfig> {
        self.write("extensions", &format!("basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:{name}\n"));
        self.openssl(&["req", "-keyout", "key.pem", "-out", "request", "-subj", "/CN=server"], &KEY);
        let end = format!("{ends}0101000000Z");
        let signed = ["ca", "-batch", "-notext", "-config", "config", "-in", "request", "-out", "server.pem"];
        let by = ["-cert", "ca.pem", "-keyfile", "ca.key", "-extfile", "extensions"];
        self.openssl(&signed, &[&by[..], &["-startdate", "20200101000000Z", "-enddate", &end]].concat());
        self.config()
    }

    /// A server with a certificate for `name` that vouches for itself.
    ///
    /// # Panics
    /// Without `openssl`.
    pub fn self_signed(&self, name: &str) -> Arc<ServerConfig> {
        let alternative = format!("subjectAltName=DNS:{name}");
        let own = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", &alternative];
        let made = ["req", "-x509", "-keyout", "key.pem", "-out", "server.pem", "-days", "3650", "-subj", "/CN=server"];
        self.openssl(&made, &[&KEY[..], &own].concat());
        self.config()
    }

    fn config(&self) -> Arc<ServerConfig> {
        let file = |name: &str| self.0.path().join(name);
        let chain = vec![CertificateDer::from_pem_file(file("server.pem")).expect("openssl writes PEM")];
        let key = PrivateKeyDer::from_pem_file(file("key.pem")).expect("openssl writes PEM");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().expect("ring supports the default versions");
        Arc::new(config.with_no_client_auth().with_single_cert(chain, key).expect("the key fits the certificate"))
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).expect("its folder can be written");
    }

    fn openssl(&self, arguments: &[&str], more: &[&str]) {
        let command = Command::new("openssl").args(arguments).args(more).current_dir(self.0.path()).output();
        let done = command.expect("openssl is installed");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}
