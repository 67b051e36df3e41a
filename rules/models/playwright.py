"""`playwright`: a package, whose modules are used."""
