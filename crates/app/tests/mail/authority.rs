//! Certificates made for one test by `openssl`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

const CONFIG: &str = "[ca]\ndefault_ca = one\n[one]\ndatabase = index\nunique_subject = no\nnew_certs_dir = .\nrand_serial = yes\ndefault_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n";
const KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/// An authority nobody trusts by itself.
pub struct Authority(PathBuf);

impl Authority {
    pub fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("authority-{test}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config"), CONFIG).unwrap();
        fs::write(folder.join("index"), "").unwrap();
        let authority = Self(folder);
        authority.openssl(
            &["req", "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=authority"],
            &KEY,
        );
        authority
    }

    /// The root certificate.
    pub fn pem(&self) -> Vec<u8> {
        fs::read(self.0.join("ca.pem")).unwrap()
    }

    /// A server with a certificate for `name` that ends in the year `ends`.
    pub fn server(&self, name: &str, ends: u16) -> Arc<ServerConfig> {
        let extensions = format!("basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:{name}\n");
        fs::write(self.0.join("extensions"), extensions).unwrap();
        self.openssl(&["req", "-keyout", "key.pem", "-out", "request", "-subj", "/CN=server"], &KEY);
        let end = format!("{ends}0101000000Z");
        self.openssl(
            &["ca", "-batch", "-notext", "-config", "config", "-in", "request", "-out", "server.pem"],
            &[
                "-cert",
                "ca.pem",
                "-keyfile",
                "ca.key",
                "-extfile",
                "extensions",
                "-startdate",
                "20200101000000Z",
                "-enddate",
                &end,
            ],
        );
        let chain = vec![CertificateDer::from_pem_file(self.0.join("server.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_file(self.0.join("key.pem")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        Arc::new(config.with_single_cert(chain, key).unwrap())
    }

    fn openssl(&self, arguments: &[&str], more: &[&str]) {
        let done = Command::new("openssl")
            .args(arguments)
            .args(more)
            .current_dir(&self.0)
            .output()
            .expect("openssl is installed");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
