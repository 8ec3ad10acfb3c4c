"""What points are spent on: catalogue, stock, sealed voucher codes, redemptions, counter."""
