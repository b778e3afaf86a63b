//! Portico: the partner portal in one file.
