//! The table that is printed, line by line as results come in.

use std::{
    fmt::{self, Display},
    io::{Stdout, Write, stdout},
};

use anyhow::Result;

/// What is to be reached.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// The ratio to the floor.
    AtLeast(f64),
    /// The amount.
    AtMost(f64),
    /// Nothing: for orientation.
    Nothing,
}

impl Reach {
    fn text(self) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least:.2}"),
            Self::AtMost(most) => format!("≤ {most}"),
            Self::Nothing => String::new(),
        }
    }

    fn verdict(self, value: f64) -> &'static str {
        match self {
            Self::AtLeast(least) if value >= least => "ok",
            Self::AtMost(most) if value <= most => "ok",
            Self::AtLeast(_) | Self::AtMost(_) => "SHORT",
            Self::Nothing => "",
        }
    }
}

/// Prints as it grows.
pub struct Table {
    out: Stdout,
}

impl Table {
    /// Prints the heading.
    pub fn begin() -> Result<Self> {
        let mut table = Self { out: stdout() };
        table.line(["work", "measured", "floor", "ratio", "target", ""])?;
        table.line(["----", "--------", "-----", "-----", "------", ""])?;
        Ok(table)
    }

    /// Work per second against its floor.
    pub fn ratio(&mut self, work: &str, measured: f64, floor: f64, ratio: f64, reach: Reach) -> Result<()> {
        let rate = |rate: f64| format!("{rate:.0}/s");
        self.line([work, &rate(measured), &rate(floor), &format!("{ratio:.2}"), &reach.text(), reach.verdict(ratio)])
    }

    /// An amount that has no floor, such as milliseconds.
    pub fn amount(&mut self, work: &str, amount: f64, unit: &str, reach: Reach) -> Result<()> {
        let target = if matches!(reach, Reach::Nothing) { String::new() } else { format!("{} {unit}", reach.text()) };
        self.line([work, &format!("{amount:.1} {unit}"), "", "", &target, reach.verdict(amount)])
    }

    /// What is to be known about the line above.
    pub fn note(&mut self, note: fmt::Arguments<'_>) -> Result<()> {
        Ok(writeln!(self.out, "    {note}")?)
    }

    fn line<T: Display>(&mut self, [work, measured, floor, ratio, target, verdict]: [T; 6]) -> Result<()> {
        let text = format!("{work:<46} {measured:>12} {floor:>12} {ratio:>7}  {target:<12} {verdict}");
        Ok(writeln!(self.out, "{}", text.trim_end())?)
    }
}
