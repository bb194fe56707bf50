"""The watch over quality: counting, indicators, what of it anybody may see."""
