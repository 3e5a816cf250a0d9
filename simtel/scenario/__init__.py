"""Intent: site roles, load, faults and expectations; no addresses, no vendors, no Python and no loops."""
