"""Speed and accuracy as ratios in one run, beside what else there is (`make bench`)."""
