//! Route by visitor by state: who is let in, and who must not even learn that there is something.
