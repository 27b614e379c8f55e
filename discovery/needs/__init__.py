"""From a need to suppliers: what a buyer holds (a sentence, a notice, lots) → lots, and each lot's answer."""
