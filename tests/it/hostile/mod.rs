//! Whatever comes in - from an author, a visitor, a stranger or a program - stays words, stays small, and stays where it
//! may be.

mod bodies;
mod doors;
mod inert;
mod leaks;
mod markup;
mod newsroom;
mod numbers;
mod words;
