"""What a buyer brings (a need, a notice, a programme, a list of suppliers), and what is answered."""
