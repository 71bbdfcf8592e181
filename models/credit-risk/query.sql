-- The rows a model is made from. Columns are named one by one: a column added to the product joins the model when it is added here.
SELECT
  status,
  duration,
  credit_history,
  purpose,
  amount,
  savings,
  employment_duration,
  installment_rate,
  personal_status_sex,
  other_debtors,
  present_residence,
  property,
  age,
  other_installment_plans,
  housing,
  number_credits,
  job,
  people_liable,
  telephone,
  foreign_worker,
  credit_risk
FROM credit_card
