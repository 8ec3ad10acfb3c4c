"""Every write of the questionnaires is one function here."""
