"""The papers of the pretend world: invented, drawn as real JPEG and PDF files, and read again."""
