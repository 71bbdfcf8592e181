/** A definition as the AWS Toolkit and SAM write it: with a placeholder, a comment and an alias. */
export const YAML = `# Charges, then ships.
StartAt: Charge
States:
  Charge:
    Type: Task
    Resource: \${ChargeFunctionArn}
    Retry: &retry
      - {ErrorEquals: [Busy], MaxAttempts: 1}
    Next: Ship
  Ship:
    Type: Task
    Resource: arn:aws:states:::sqs:sendMessage
    Parameters: {QueueUrl: "https://sqs/q", MessageBody: go}
    Retry: *retry
    End: true
`;
