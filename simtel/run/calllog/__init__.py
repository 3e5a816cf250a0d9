"""Call logs that others wrote: encoding and delimiter, instants, what rows say of calls, and the reader of it all."""
