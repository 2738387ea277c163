//! Good addresses that are certainly a slip of the finger.

use super::Email;

/// Names of big mail providers as fingers miss them. Each belongs to nobody who hands out addresses, and letters to it
/// often end with people who wait for slips.
const SLIPS: &[(&str, &str)] = &[
    ("gamil.com", "gmail.com"),
    ("gmai.com", "gmail.com"),
    ("gmaill.com", "gmail.com"),
    ("gmal.com", "gmail.com"),
    ("gmial.com", "gmail.com"),
    ("gmil.com", "gmail.com"),
    ("gnail.com", "gmail.com"),
    ("hotmai.com", "hotmail.com"),
    ("hotmal.com", "hotmail.com"),
    ("hotmial.com", "hotmail.com"),
    ("iclod.com", "icloud.com"),
    ("icoud.com", "icloud.com"),
    ("outlok.com", "outlook.com"),
    ("outloook.com", "outlook.com"),
    ("yaho.com", "yahoo.com"),
    ("yahooo.com", "yahoo.com"),
];

impl Email {
    /// The address that was certainly meant, if this one is a slip: a big provider's name with a letter astray, or an end
    /// that is not in the root zone. Nothing is guessed, so most slips go unseen.
    pub fn meant(&self) -> Option<String> {
        let domain = self.domain();
        let known = SLIPS.iter().find(|(slip, _)| *slip == domain).map(|(_, meant)| (*meant).to_owned());
        let meant = known.or_else(|| domain.strip_suffix(".con").map(|rest| format!("{rest}.com")))?;
        Some(format!("{}@{meant}", self.local()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_seen_only_where_it_is_certain() {
        let meant = |text: &str| text.parse::<Email>().unwrap().meant();
        assert_eq!(meant("Ann.K@GMIAL.com").as_deref(), Some("Ann.K@gmail.com"));
        assert_eq!(meant("ann@hollinash.con").as_deref(), Some("ann@hollinash.com"));
        for good in ["ann@gmail.com", "ann@mail.gmial.com", "ann@gmial.example", "ann@con.example", "ann@falcon"] {
            assert_eq!(good.parse::<Email>().ok().and_then(|email| email.meant()), None, "{good}");
        }
    }

    #[test]
    fn what_was_meant_is_an_address_and_no_slip_itself() {
        for (slip, meant) in SLIPS {
            let repaired = format!("ann@{slip}").parse::<Email>().unwrap().meant().unwrap();
            assert_eq!(repaired, format!("ann@{meant}"));
            assert_eq!(repaired.parse::<Email>().unwrap().meant(), None);
        }
    }
}
