"""Layer 2: people, teams as a tree, who belongs where and who leads whom at which date, absences, holidays."""
