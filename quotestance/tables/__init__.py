"""Documents in; rows, files and labelled quotations out."""
