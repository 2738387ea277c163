//! Addresses as SMTP and message headers need them.

use lettre::Address;

/// An address that cannot be written into an envelope or a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// CR, LF, NUL or another control character: the start of an injection.
    #[error("the address holds a control character")]
    ControlCharacter,
    /// Not `local@domain` as RFC 5321 has it.
    #[error("the address is not valid: {0}")]
    Invalid(String),
}

/// Reads an address; the domain becomes its ASCII form (RFC 5890), so that only a local part ever needs SMTPUTF8.
pub(super) fn read(address: &str) -> Result<Address, AddressError> {
    if address.chars().any(char::is_control) {
        return Err(AddressError::ControlCharacter);
    }
    let invalid = |why: &dyn std::fmt::Display| AddressError::Invalid(why.to_string());
    let parsed: Address = address.parse().map_err(|why| invalid(&why))?;
    if parsed.domain().is_ascii() {
        return Ok(parsed);
    }
    let domain = idna::domain_to_ascii(parsed.domain()).map_err(|why| invalid(&why))?;
    Address::new(parsed.user(), domain).map_err(|why| invalid(&why))
}

#[cfg(test)]
mod tests {
    use super::{AddressError, read};

    #[test]
    fn a_domain_in_letters_of_any_script_is_written_in_ascii() {
        assert_eq!(read("ruth@bücher.example").unwrap().as_ref() as &str, "ruth@xn--bcher-kva.example");
    }

    #[test]
    fn a_second_line_is_no_part_of_an_address() {
        for bad in
            ["ruth@hollin.example\r\nRCPT TO:<eve@evil.example>", "ru\0th@hollin.example", "\"a\r\nb\"@hollin.example"]
        {
            assert_eq!(read(bad), Err(AddressError::ControlCharacter), "{bad:?}");
        }
    }

    #[test]
    fn a_bracket_does_not_end_the_address_early() {
        for bad in ["ruth@hollin.example> SIZE=1", "ruth>@hollin.example", "@hollin.example", "ruth"] {
            assert!(matches!(read(bad), Err(AddressError::Invalid(_))), "{bad:?}");
        }
    }
}
