/** What licences begin with or hold, as far as their tell-tales go; the rest of a text says nothing here. */
export const MIT = `Copyright (c) somebody

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.
`;

export const ISC = `# Permission to use, copy, modify, and/or distribute this software for any
# purpose with or without fee is hereby granted, provided that the above
# copyright notice and this permission notice appear in all copies.
`;

const redistribution = `Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:
* Redistributions in binary form must reproduce the above copyright notice.
`;

export const BSD2 = redistribution;
export const BSD3 = `${redistribution}* Neither the name of the project nor the names of its contributors may be
used to endorse or promote products derived from this software.
`;
export const APACHE = `                                 Apache License
                           Version 2.0, January 2004

   TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION
`;
export const GPL3 = 'GNU GENERAL PUBLIC LICENSE\r\nVersion 3, 29 June 2007\r\n';
