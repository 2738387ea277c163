//! The server around a test run.

use std::process::Command;
use testkit::postgres::SHARED;

#[test]
fn the_command_finds_the_server_and_its_status_is_passed_on() {
    let script = format!("psql --quiet --no-psqlrc -h \"${SHARED}\" -U postgres -c 'SELECT 1' && exit 7");
    let status = Command::new(env!("CARGO_BIN_EXE_with-postgres")).args(["sh", "-c", &script]).status().unwrap();
    assert_eq!(status.code(), Some(7));
}
