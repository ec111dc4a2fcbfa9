//! One SQL text, two databases: what a statement is, and how it reaches whichever is there.
//!
//! Statements are written once, in the dialect that both understand (`$1`, `RETURNING`,
//! `ON CONFLICT`), with [`statements!`]. It generates the call for both databases and keeps the
//! text in a list, so that a test prepares each on both.

use std::pin::Pin;

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Postgres, Sqlite};

/// A borrowed connection to either database.
///
/// Which of them is behind a trait: a future that holds this may be sent to another thread, and the compiler need not look
/// into the databases' own types to know that, which it would do for each of those futures.
pub struct Link<'c>(&'c mut (dyn Lent + 'c));

/// What a connection is borrowed from.
pub(crate) trait Lent: Send {
    fn either(&mut self) -> Either<'_>;
}

pub(crate) enum Either<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl<'c> Link<'c> {
    pub(crate) fn of(lent: &'c mut (dyn Lent + 'c)) -> Self {
        Self(lent)
    }

    pub(crate) fn either(&mut self) -> Either<'_> {
        self.0.either()
    }
}

impl Lent for SqliteConnection {
    fn either(&mut self) -> Either<'_> {
        Either::Sqlite(self)
    }
}

impl Lent for PgConnection {
    fn either(&mut self) -> Either<'_> {
        Either::Postgres(self)
    }
}

impl Lent for PoolConnection<Sqlite> {
    fn either(&mut self) -> Either<'_> {
        Either::Sqlite(self)
    }
}

impl Lent for PoolConnection<Postgres> {
    fn either(&mut self) -> Either<'_> {
        Either::Postgres(self)
    }
}

/// A statement on its way. Boxed, so that the compiler looks into the databases' own types once, and not again for whoever
/// asks whoever asks.
pub(crate) type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'a>>;

/// A statement's name and text.
#[cfg(test)]
pub(crate) type Statement = (&'static str, &'static str);

/// Declares statements of the module: `execute` answers how many rows it changed, `optional` a row
/// or none, `all` every row. Also declares `STATEMENTS`, the list of them, for the tests.
///
/// A text is a literal. What several begin with is a macro of their module, which joins literals.
macro_rules! statements {
    ($(
        $kind:ident $name:ident( $($arg:ident: $type:ty),* $(,)? ) $(-> $row:ty)? = $sql:expr;
    )*) => {
        $(
            #[expect(clippy::allow_attributes, reason = "only some statements have many columns")]
            #[allow(clippy::too_many_arguments, reason = "one argument per column")]
            pub(crate) async fn $name(
                link: &mut $crate::engine::Link<'_>,
                $($arg: $type),*
            ) -> Result<$crate::engine::result_of!($kind $($row)?), sqlx::Error> {
                let answer: $crate::engine::Asked<'_, $crate::engine::result_of!($kind $($row)?)> =
                    Box::pin(async move {
                        match link.either() {
                            $crate::engine::Either::Sqlite(connection) => $crate::engine::run!(
                                $kind, sqlx::Sqlite, &mut *connection, $sql, ($($arg),*) $(, $row)?
                            ),
                            $crate::engine::Either::Postgres(connection) => $crate::engine::run!(
                                $kind, sqlx::Postgres, &mut *connection, $sql, ($($arg),*) $(, $row)?
                            ),
                        }
                    });
                answer.await
            }
        )*

        #[cfg(test)]
        pub(crate) const STATEMENTS: &[$crate::engine::Statement] =
            &[$((concat!(module_path!(), "::", stringify!($name)), $sql)),*];
    };
}

macro_rules! result_of {
    (execute) => { u64 };
    (optional $row:ty) => { Option<$row> };
    (all $row:ty) => { Vec<$row> };
}

macro_rules! run {
    (execute, $db:ty, $connection:expr, $sql:expr, ($($arg:ident),*)) => {
        sqlx::query::<$db>($sql)
            $(.bind($crate::column::Column::into_raw($arg)))*
            .execute($connection)
            .await
            .map(|done| done.rows_affected())
    };
    (optional, $db:ty, $connection:expr, $sql:expr, ($($arg:ident),*), $row:ty) => {
        sqlx::query::<$db>($sql)
            $(.bind($crate::column::Column::into_raw($arg)))*
            .fetch_optional($connection)
            .await?
            .map(|row| <$row as $crate::engine::FromEither<_>>::from_either(&row))
            .transpose()
    };
    (all, $db:ty, $connection:expr, $sql:expr, ($($arg:ident),*), $row:ty) => {
        sqlx::query::<$db>($sql)
            $(.bind($crate::column::Column::into_raw($arg)))*
            .fetch_all($connection)
            .await?
            .iter()
            .map(<$row as $crate::engine::FromEither<_>>::from_either)
            .collect()
    };
}

/// Declares a struct whose fields are columns of the same names.
macro_rules! row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident { $( $(#[$doc:meta])* $field_vis:vis $field:ident: $type:ty, )* }
    ) => {
        $(#[$meta])*
        $vis struct $name { $( $(#[$doc])* $field_vis $field: $type, )* }

        $crate::engine::read_fields!(sqlx::sqlite::SqliteRow, $name { $($field: $type),* });
        $crate::engine::read_fields!(sqlx::postgres::PgRow, $name { $($field: $type),* });
    };
}

macro_rules! read_fields {
    ($from:ty, $name:ident { $($field:ident: $type:ty),* }) => {
        impl $crate::engine::FromEither<$from> for $name {
            fn from_either(row: &$from) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($field: <$type as $crate::column::Column>::from_raw(
                        sqlx::Row::try_get(row, stringify!($field))?,
                    )?,)*
                })
            }
        }
    };
}

pub(crate) use {read_fields, result_of, row, run, statements};

/// Reads a row of one of the two databases.
pub(crate) trait FromEither<Row>: Sized {
    fn from_either(row: &Row) -> Result<Self, sqlx::Error>;
}

macro_rules! tuple {
    ($from:ty: $($column:ident $index:literal),*) => {
        impl<$($column: crate::column::Column),*> FromEither<$from> for ($($column,)*)
        where
            $($column::Raw: for<'r> sqlx::Decode<'r, <$from as sqlx::Row>::Database>
                + sqlx::Type<<$from as sqlx::Row>::Database>,)*
        {
            fn from_either(row: &$from) -> Result<Self, sqlx::Error> {
                Ok(($($column::from_raw(sqlx::Row::try_get(row, $index)?)?,)*))
            }
        }
    };
}

tuple!(sqlx::sqlite::SqliteRow: A 0);
tuple!(sqlx::postgres::PgRow: A 0);
tuple!(sqlx::sqlite::SqliteRow: A 0, B 1);
tuple!(sqlx::postgres::PgRow: A 0, B 1);
tuple!(sqlx::sqlite::SqliteRow: A 0, B 1, C 2);
tuple!(sqlx::postgres::PgRow: A 0, B 1, C 2);

#[cfg(test)]
mod tests;
