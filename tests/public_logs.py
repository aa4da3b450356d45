"""The public logs of which others have counted what is in them: file under ../shared/data, and the map under examples/maps."""

LOGS = {
    "sepsis": ("sepsis/sepsis.csv.gz", "sepsis"),
    "hospital_billing_10k": ("hospital_billing/hospital_billing_10k.csv.gz", "hospital_billing"),
    "patients_ed_artificial": ("patients_ed_artificial/patients.csv", "patients_ed_artificial"),
    "hospital_multi_perspective": (
        "hospital_multi_perspective_artificial/hospital_multi_perspective.csv.gz",
        "hospital_multi_perspective_artificial",
    ),
    **{name: (f"bps_benchmark/{name}.csv.gz", name) for name in ("LoanApp", "P2P", "Production", "BPIC_2012_W", "BPIC_2017_W")},
}
