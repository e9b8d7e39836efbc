"""Importing this fails, as a broken torch does."""

raise ImportError("libtorch_cpu.so: cannot open \x1b[31mshared object file\nsecond line")
