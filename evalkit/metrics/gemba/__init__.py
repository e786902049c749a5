"""Language models as judges of translations."""
