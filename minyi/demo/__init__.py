"""Two fictional forums on loopback: a town whose residents tell the same story for every seed and date."""
