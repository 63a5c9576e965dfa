"""What moves the pretend world: its past, its uploads, its pipeline and its other reviewer."""
