"""The portal: pages on which staff, analysts and leaders find their work, under `minyi serve` and in Airflow."""
