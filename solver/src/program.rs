//! The program: choose one column of every group so that every row holds, at the least cost.
//!
//! Costs are whole micro-dollars. Rows are of the form Σ aᵢxᵢ ≤ b, scaled so that coefficients are
//! near 1. A program knows nothing of clouds: brute force, the search and HiGHS all work on it.

use std::fmt::{self, Write as _};

/// By how much a scaled row may be exceeded: the rounding of a sum of floating numbers.
pub const TOLERANCE: f64 = 1e-9;

/// A way to fill one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it is called in the algebra.
    pub name: Label,
    /// What it costs, in micro-dollars.
    pub cost: i64,
}

/// The name of a column. It is written only where somebody reads the algebra.
#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    /// In words.
    Text(String),
    /// A step of a ladder, by its standard deviation in s.
    Deviation(f64),
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Deviation(seconds) => write!(formatter, "{seconds:.6}s"),
        }
    }
}

/// A place that exactly one column fills.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What it is called in the algebra.
    pub name: String,
    /// The columns to choose from.
    pub columns: Vec<Column>,
    /// Whether its columns are only a means to state a row: they cost nothing and break no ties.
    pub auxiliary: bool,
}

/// A limit over the chosen columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is called in the algebra and in explanations.
    pub name: String,
    /// The coefficients by group and column, scaled; none for a group of which it does not speak.
    pub coefficients: Vec<Vec<f64>>,
    /// The limit, scaled.
    pub limit: f64,
    /// What coefficients and limit were divided by.
    pub scale: f64,
}

/// Columns of which no plan may choose one in every group named: a plan, or a family of plans,
/// that the simulation refuted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The columns by group; an empty list stands for any column of the group.
    pub columns: Vec<Vec<usize>>,
}

/// A multiple-choice program.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Program {
    /// The places to fill; the auxiliary ones come last.
    pub groups: Vec<Group>,
    /// The limits.
    pub rows: Vec<Row>,
    /// What was refuted.
    pub exclusions: Vec<Exclusion>,
}

/// A choice of one column for each group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The column chosen in each group.
    pub columns: Vec<usize>,
    /// What the choice costs, in micro-dollars, exactly.
    pub cost: i64,
}

impl Program {
    /// Adds a group and returns its place. Rows that exist already do not speak of it.
    pub fn add_group(&mut self, name: &str, auxiliary: bool, columns: Vec<Column>) -> usize {
        for row in &mut self.rows {
            row.coefficients.push(Vec::new());
        }
        self.groups.push(Group { name: name.to_owned(), columns, auxiliary });
        self.groups.len() - 1
    }

    /// Adds Σ coefficient ≤ limit, both divided by `scale`.
    ///
    /// # Panics
    /// When the scale is not positive or a coefficient is not finite.
    pub fn add_row(
        &mut self,
        name: &str,
        limit: f64,
        scale: f64,
        coefficient: impl Fn(usize, usize) -> f64,
    ) {
        assert!(scale > 0.0, "the scale of a row is positive");
        let coefficients = self
            .groups
            .iter()
            .enumerate()
            .map(|(group, columns)| {
                let own: Vec<f64> = (0..columns.columns.len())
                    .map(|column| {
                        let value = coefficient(group, column) / scale;
                        assert!(value.is_finite(), "a coefficient of {name} is not finite");
                        value
                    })
                    .collect();
                if own.iter().any(|value| *value != 0.0) { own } else { Vec::new() }
            })
            .collect();
        self.rows.push(Row { name: name.to_owned(), coefficients, limit: limit / scale, scale });
    }

    /// The program over some of its columns, which are given by group.
    pub fn only(&self, columns: &[Vec<usize>]) -> Self {
        let groups = self.groups.iter().zip(columns).map(|(group, kept)| Group {
            columns: kept.iter().map(|column| group.columns[*column].clone()).collect(),
            ..group.clone()
        });
        let kept_of = |values: &[Vec<f64>]| {
            let groups = values.iter().zip(columns);
            let of_group = |(values, kept): (&Vec<f64>, &Vec<usize>)| {
                kept.iter().filter_map(|at| values.get(*at).copied()).collect()
            };
            groups.map(of_group).collect()
        };
        let rows = self.rows.iter().map(|row| Row {
            name: row.name.clone(),
            coefficients: kept_of(&row.coefficients),
            limit: row.limit,
            scale: row.scale,
        });
        // A group of which an exclusion names no column that was kept makes it void.
        let exclusions = self.exclusions.iter().filter_map(|exclusion| {
            let named = exclusion.columns.iter().zip(columns).map(|(excluded, kept)| {
                let places = kept.iter().enumerate();
                let left: Vec<usize> = places
                    .filter(|(_, column)| excluded.contains(column))
                    .map(|(place, _)| place)
                    .collect();
                (excluded.is_empty() || !left.is_empty()).then_some(left)
            });
            Some(Exclusion { columns: named.collect::<Option<_>>()? })
        });
        Self { groups: groups.collect(), rows: rows.collect(), exclusions: exclusions.collect() }
    }

    /// What a row adds up to for a choice, in the order of the groups.
    pub fn activity(&self, row: &Row, columns: &[usize]) -> f64 {
        columns.iter().enumerate().map(|(group, column)| row.at(group, *column)).sum()
    }

    /// The exact cost of a choice.
    pub fn cost(&self, columns: &[usize]) -> i64 {
        self.groups.iter().zip(columns).map(|(group, column)| group.columns[*column].cost).sum()
    }

    /// No choice costs more, in micro-dollars.
    pub fn dearest(&self) -> i64 {
        let groups = self.groups.iter();
        groups.filter_map(|group| group.columns.iter().map(|own| own.cost).max()).sum()
    }

    /// The names of the rows and exclusions that a choice breaks; none when it is feasible.
    pub fn broken(&self, columns: &[usize]) -> Vec<&str> {
        let rows =
            self.rows.iter().filter(|row| self.activity(row, columns) > row.limit + TOLERANCE);
        let mut names: Vec<&str> = rows.map(|row| row.name.as_str()).collect();
        if self.exclusions.iter().any(|exclusion| exclusion.forbids(columns)) {
            names.push("refuted");
        }
        names
    }

    /// Columns of all groups that are not auxiliary.
    pub fn design_columns(&self) -> usize {
        let design = self.groups.iter().filter(|group| !group.auxiliary);
        design.map(|group| group.columns.len()).sum()
    }

    /// The program as algebra, terms in a fixed order.
    pub fn algebra(&self) -> String {
        let mut text = String::from("minimise\n");
        for (group, columns) in self.groups.iter().enumerate() {
            for (column, content) in columns.columns.iter().enumerate() {
                if content.cost != 0 {
                    let _ = writeln!(text, "  + {} {}", content.cost, self.variable(group, column));
                }
            }
        }
        text.push_str("subject to\n");
        for row in &self.rows {
            let _ = write!(text, "  {}:", row.name);
            for (group, coefficients) in row.coefficients.iter().enumerate() {
                for (column, value) in coefficients.iter().enumerate() {
                    if *value != 0.0 {
                        let _ = write!(text, " {value:+.6} {}", self.variable(group, column));
                    }
                }
            }
            let _ = writeln!(text, " <= {:.6}", row.limit);
        }
        for (group, content) in self.groups.iter().enumerate() {
            let terms: Vec<String> =
                (0..content.columns.len()).map(|column| self.variable(group, column)).collect();
            let _ = writeln!(text, "  one of {}: {} = 1", content.name, terms.join(" + "));
        }
        text
    }

    fn variable(&self, group: usize, column: usize) -> String {
        let group = &self.groups[group];
        format!("{}[{}]", group.name, group.columns[column].name)
    }
}

impl Row {
    /// What a column adds, scaled.
    pub fn at(&self, group: usize, column: usize) -> f64 {
        self.coefficients[group].get(column).copied().unwrap_or(0.0)
    }
}

impl Exclusion {
    /// Whether the choice is one of those excluded.
    pub fn forbids(&self, columns: &[usize]) -> bool {
        self.columns
            .iter()
            .zip(columns)
            .all(|(excluded, column)| excluded.is_empty() || excluded.contains(column))
    }

    /// How many groups it names.
    pub fn named(&self) -> usize {
        self.columns.iter().filter(|columns| !columns.is_empty()).count()
    }
}
