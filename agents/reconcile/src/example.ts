import type { Example } from '@canswarm/agent';

const LEDGER = `invoice,customer,amount
1001,Acme,250.00
1002,Globex,99.90
1003,Initech,12.00
1005,Acme,7.50
`;

const BANK = `reference;payer;paid
1001;ACME;250
1002;Globex;99.91
1004;Umbrella;3.00
1005;Acme;5.00
1005;Acme;7.50
`;

/** A ledger beside what a bank says, with the result that is due. */
export const example: Example = {
  input: {
    left: 'ledger.csv',
    right: 'bank.csv',
    keys: [{ left: 'invoice', right: 'reference' }],
    compare: [
      { left: 'customer', right: 'payer' },
      { left: 'amount', right: 'paid', tolerance: '0' },
    ],
    ignoreCase: true,
  },
  files: { 'ledger.csv': LEDGER, 'bank.csv': BANK },
  output: {
    status: 'reconciled',
    rows: { left: 4, right: 5 },
    blank: { left: 0, right: 0 },
    skipped: { left: 0, right: 0 },
    matched: 3,
    equal: 2,
    different: 1,
    differences: 1,
    onlyLeft: 1,
    onlyRight: 2,
    duplicates: { keys: 1, left: 1, right: 2 },
    columns: [
      { left: 'customer', right: 'payer', tolerance: null, different: 0, totals: null },
      {
        left: 'amount',
        right: 'paid',
        tolerance: '0',
        different: 1,
        totals: {
          left: '369.4',
          right: '365.41',
          difference: '-3.99',
          onlyLeft: '12',
          onlyRight: '8',
          differences: '0.01',
          withinTolerance: '0',
          notNumbers: { left: 0, right: 0 },
        },
      },
    ],
    formulas: 0,
  },
  outputFiles: {
    'differences.csv':
      'left row,right row,key:invoice,column,left,right,difference\n3,3,1002,amount,99.90,99.91,0.01\n',
    'only-left.csv': 'invoice,customer,amount\n1003,Initech,12.00\n',
    'only-right.csv': 'reference,payer,paid\n1004,Umbrella,3.00\n1005,Acme,5.00\n',
    'duplicates.csv': 'key:invoice,left rows,right rows\n1005,5,5 6\n',
    'skipped.csv': 'side,row,fields\n',
  },
};
